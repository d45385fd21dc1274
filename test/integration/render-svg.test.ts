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
      'with an animation, which is shown at its end,',
      svg(
        '<rect width="300" height="220" fill="red"><animate attributeName="fill" from="red" to="teal" begin="1s" dur="9s" fill="freeze"/></rect>',
      ),
    ],
    [
      'with animations that begin each other',
      svg(
        '<rect width="0" height="220" fill="teal"><animate id="a" attributeName="width" to="9" dur="1s"/><animate begin="a.end" attributeName="width" to="300" dur="2s" fill="freeze"/></rect>',
      ),
    ],
    [
      'with an animation without end, as if it had none,',
      svg(
        '<rect width="300" height="220" fill="teal"><animate attributeName="opacity" values="0;1;0" dur="3s" repeatCount="indefinite"/></rect>',
      ),
    ],
    [
      'with the styles of the page that it stands in',
      '<style>body { margin: 40px } .sea { fill: teal }</style>\n<svg width="320" height="240"><rect class="sea" width="300" height="220"/></svg>',
    ],
    [
      'on the ground of its page',
      '<!doctype html><html><head><style>body { display: grid; place-items: center; background: teal }</style></head><body><svg width="320" height="240"><circle r="9"/></svg></body></html>',
    ],
    [
      'with an image of a service of placeholders',
      svg('<image width="300" height="220" href="https://placehold.co/300x220/008080/008080"/>'),
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

  it.each([
    ['a page around it', '<style>a{}</style><svg width="9" height="9"><circle r="5"/></svg>', /stands in an HTML page/],
    [
      'an image of the network',
      svg('<circle r="9"/><image width="9" height="9" href="https://example.com/a.png"/>'),
      /refused: https:\/\/example\.com\/a\.png \(image\)/,
    ],
    [
      'an image of a file',
      svg('<circle r="9"/><image width="9" height="9" href="a.png"/>'),
      /refused: \S+\/a\.png \(image\)/,
    ],
    [
      'a style sheet',
      svg('<style>@import url(theme.css)</style><circle r="9"/>'),
      /refused: \S+\/theme\.css \(style sheet\)/,
    ],
    ['symbols of another file', svg('<circle r="9"/><use href="icons.svg#home"/>'), /refused: \S+\/icons\.svg/],
    [
      'symbols of another site',
      svg('<circle r="9"/><use href="https://example.com/i.svg#home"/>'),
      /<use> of https:\/\/example\.com\/i\.svg#home is left out/,
    ],
    [
      'HTML without its namespace',
      svg('<circle r="9"/><foreignObject width="9" height="9"><p>x</p></foreignObject>'),
      /A <p> in a <foreignObject> is left out/,
    ],
    ['scripts', svg('<circle r="9"/><script>1</script>'), /Scripts in an SVG are left out/],
    [
      'letters that no font has (librsvg)',
      svg('<text y="50">a \u{13000}</text>'),
      /No font here has a glyph for \u{13000} \(U\+13000\)/u,
    ],
    [
      'letters that no font has (Chromium)',
      svg('<text y="50">a \u{13000}<textPath/></text>'),
      /No font here has a glyph for \u{13000} \(U\+13000\)/u,
    ],
  ])('says that it left something out or drew it another way: %s', async (_, code, sentence) => {
    expect((await renderCode(code)).log).toMatch(sentence);
  });

  it('has web fonts', async () => {
    const text = (style: string): string =>
      svg(`<style>${style}text { font: 60px Pacifico }</style><text y="90">Quick</text>`);
    const [with_, without] = [
      await renderCode(text("@import url('https://fonts.googleapis.com/css2?family=Pacifico');")),
      await renderCode(text('')),
    ];
    expect(await difference(with_, without)).toBeGreaterThan(5);
    expect(with_.log).toBe('');
  });

  it.each(['🍋', '&#127819;', '&#x1F34B;'])('has emoji in color: %s', async (emoji) => {
    const { data } = await sharp((await renderCode(svg(`<text x="9" y="160" font-size="150">${emoji}</text>`))).image)
      .raw()
      .toBuffer({ resolveWithObject: true });
    const yellow = data.reduce((count, red, at) => count + Number(at % 3 === 0 && red > 200 && data[at + 2]! < 100), 0);
    expect(yellow).toBeGreaterThan(2000);
  });

  it('has an empty text if it shows none', async () => {
    expect((await renderCode(svg('<title>t</title><circle r="90"/>'))).text).toBe('');
  });
});
