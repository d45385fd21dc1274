import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const size = { width: 320, height: 240 };
const noAbort = new AbortController().signal;

let renderers: RenderService;
beforeAll(() => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
});
afterAll(() => renderers.close());

type Ok = Extract<RenderResult, { status: 'ok' }>;

async function renderCode(code: string): Promise<Ok> {
  const result = await renderers.render({ language: 'svg', code, size, trusted: false }, noAbort);
  expect(result).toMatchObject({ status: 'ok' });
  return result as Ok;
}

const svg = (body: string, root = 'width="320" height="240"'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${root}>${body}</svg>`;

async function pixel({ image }: Ok, x: number, y: number): Promise<number[]> {
  return [...(await sharp(image).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())];
}

/** Mean absolute difference of two images of one size, in levels of 0..255. */
async function difference(first: Ok, second: Ok): Promise<number> {
  const [a, b] = await Promise.all([first, second].map(({ image }) => sharp(image).raw().toBuffer()));
  expect(a!.length).toBe(b!.length);
  return a!.reduce((sum, level, index) => sum + Math.abs(level - b![index]!), 0) / a!.length;
}

/** Makes Chromium render it: librsvg has no CSS variables. */
const inChromium = (body: string): string => svg(`${body}<style>a { fill: var(--none) }</style>`);

const teal = [0, 128, 128];

describe('an SVG', () => {
  it.each([
    [
      'without a size',
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 24"><path fill="teal" d="M1 1h30v22H1z"/></svg>',
    ],
    ['with sizes in percent', svg('<path fill="teal" d="M1 1h300v220H1z"/>', 'width="100%" height="100%"')],
    [
      'with a nested SVG',
      svg('<svg x="10" y="10" viewBox="0 0 1 1" preserveAspectRatio="none"><path fill="teal" d="M0 0h1v1H0z"/></svg>'),
    ],
    [
      'with a style sheet',
      svg('<style>.a { fill: teal } #b, rect:not(.a) { fill: red }</style><rect class="a" width="300" height="220"/>'),
    ],
    [
      'with variables',
      svg('<style>:root { --c: teal } rect { fill: var(--c) }</style><rect width="300" height="220"/>'),
    ],
    [
      'with media rules',
      svg('<style>@media (min-width: 100px) { rect { fill: teal } }</style><rect width="300" height="220"/>'),
    ],
    ['with nested rules', svg('<style>g { & rect { fill: teal } }</style><g><rect width="300" height="220"/></g>')],
    [
      'with HTML in it',
      svg(
        '<foreignObject width="300" height="220"><div xmlns="http://www.w3.org/1999/xhtml" style="background:teal;height:220px">x</div></foreignObject>',
      ),
    ],
    [
      'with an animation, which is shown at its start,',
      svg(
        '<rect width="300" height="220" fill="teal"><animate attributeName="fill" from="teal" to="red" dur="1s" fill="freeze"/></rect>',
      ),
    ],
    [
      'with a CSS animation, which is shown at its end,',
      svg(
        '<style>@keyframes k { to { fill: teal } } rect { animation: k 1s forwards }</style><rect width="300" height="220"/>',
      ),
    ],
    ['with entities', `<!DOCTYPE svg [<!ENTITY c "teal">]>${svg('<rect width="300" height="220" fill="&c;"/>')}`],
    [
      'with a prefix',
      '<svg:svg xmlns:svg="http://www.w3.org/2000/svg" width="320" height="240"><svg:rect width="300" height="220" fill="teal"/></svg:svg>',
    ],
  ])('%s is rendered', async (_, code) => {
    expect(await pixel(await renderCode(code), 150, 100)).toEqual(teal);
  });

  it.each([
    ['text without a font size', '<text x="20" y="90">Text of the default size</text>'],
    ['text with a font size in percent', '<g font-size="30"><text x="20" y="90" font-size="150%">Share</text></g>'],
    ['text with a font size by name', '<text x="20" y="90" font-size="xx-large">Name</text>'],
    [
      'centered text with letter spacing',
      '<text x="160" y="90" font-size="30" letter-spacing="9" text-anchor="middle">LOGO</text>',
    ],
    [
      'text with a gradient',
      '<linearGradient id="g" x2="0" y2="1"><stop stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient><text x="20" y="90" font-size="60" font-weight="bold" fill="url(#g)">Gxm</text>',
    ],
    [
      'a rotated clip path in units of its box',
      '<clipPath id="c" clipPathUnits="objectBoundingBox"><rect x=".2" y=".2" width=".6" height=".6"/></clipPath><rect width="200" height="200" fill="teal" clip-path="url(#c)" transform="rotate(20)"/>',
    ],
    [
      'a clip path with a clip rule',
      '<clipPath id="c"><path clip-rule="evenodd" d="M0 0h200v200H0zM50 50h100v100H50z"/><circle r="9"/></clipPath><rect width="300" height="200" fill="teal" clip-path="url(#c)"/>',
    ],
    [
      'hidden definitions',
      '<clipPath id="c" display="none"><rect width="9" height="9"/></clipPath><rect width="200" height="200" fill="teal" clip-path="url(#c)"/>',
    ],
    [
      'a gradient that refers to nothing',
      '<radialGradient id="g" xlink:href="#none"><stop stop-color="red"/><stop offset="1"/></radialGradient><rect width="200" height="200" fill="url(#g)"/>',
    ],
    ['filter functions', '<rect width="200" height="200" fill="seagreen" style="filter: hue-rotate(45deg)"/>'],
    [
      'filters on rotated elements',
      '<filter id="f"><feOffset dx="20" dy="20"/></filter><rect x="60" width="90" height="90" fill="teal" filter="url(#f)" transform="rotate(30)"/>',
    ],
    [
      'languages',
      '<switch><rect systemLanguage="en" width="200" height="200" fill="teal"/><rect width="200" height="200" fill="red"/></switch>',
    ],
    [
      'patterns with a view box',
      '<pattern id="p" width=".25" height=".25" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4" fill="teal"/></pattern><rect width="200" height="100" fill="url(#p)"/>',
    ],
  ])('looks as in Chromium: %s', async (_, body) => {
    const [first, second] = [await renderCode(svg(body)), await renderCode(inChromium(body))];
    expect(second.renderer).toContain('chromium');
    expect(await difference(first, second)).toBeLessThan(0.6);
  });

  it.each([
    [
      'librsvg',
      '<text x="9" y="50">One <tspan font-weight="bold">two</tspan></text><text x="9" y="90">three &amp; four</text>',
    ],
    [
      'chromium',
      '<text x="9" y="50">One two<textPath/></text><foreignObject width="99" height="99"><p xmlns="http://www.w3.org/1999/xhtml">three &amp; four</p></foreignObject>',
    ],
  ])('has its text read in the order of the code (%s)', async (engine, body) => {
    const { text, renderer } = await renderCode(svg(body));
    expect(renderer).toContain(engine);
    expect(text).toBe('One two\nthree & four');
  });

  it('is rendered by the faster engine for its number of shapes, with the same result', async () => {
    const shapes = (count: number): string =>
      Array.from(
        { length: count },
        (_, at) => `<path d="M${at % 320} ${at % 239}h9v9z" fill="#${100 + (at % 900)}"/>`,
      ).join('');
    const [few, many] = [await renderCode(svg(shapes(1999))), await renderCode(svg(shapes(2000)))];
    expect([few.renderer, many.renderer].map((name) => name.split('-')[0])).toEqual(['svg librsvg', 'svg chromium']);
    expect(await difference(few, many)).toBeLessThan(0.6);
  });

  it('has an empty text if it shows none', async () => {
    expect((await renderCode(svg('<title>t</title><circle r="90"/>'))).text).toBe('');
  });
});
