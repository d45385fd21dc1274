import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const examples = resolve(import.meta.dirname, '../../examples');
const size = { width: 320, height: 240 };
const noAbort = new AbortController().signal;
const deadlineMs = 4000;

let renderers: RenderService;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 2, deadlineMs, cacheBytes: 0 });
  const states = await renderers.states();
  const sandboxed = states.filter((state) => state.isolation === 'sandbox').map((state) => state.language);
  expect(sandboxed).toEqual(expect.arrayContaining(['html', 'svg', 'mermaid']));
});
afterAll(() => renderers.close());

const render = (language: Language, code: string, target = size): Promise<RenderResult> =>
  renderers.render({ language, code, size: target, trusted: false }, noAbort);

async function renderCode(language: Language, code: string, target = size): Promise<RenderResult & { status: 'ok' }> {
  const result = await render(language, code, target);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

async function fail(language: Language, code: string): Promise<RenderResult & { status: 'failed' }> {
  const result = await render(language, code);
  expect(result).toMatchObject({ status: 'failed' });
  return result as RenderResult & { status: 'failed' };
}

async function pixel(png: Uint8Array, x: number, y: number): Promise<number[]> {
  return [...(await sharp(png).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())];
}

/** Mean absolute difference of two images of one size, on white, in levels of 0..255. */
async function difference(first: Uint8Array, second: Uint8Array): Promise<number> {
  const [a, b] = await Promise.all(
    [first, second].map((png) => sharp(png).flatten({ background: 'white' }).raw().toBuffer()),
  );
  expect(a!.length).toBe(b!.length);
  let sum = 0;
  for (let i = 0; i < a!.length; i++) sum += Math.abs(a![i]! - b![i]!);
  return sum / a!.length;
}

const svg = (body: string, root = 'width="100" height="80"'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${root}>${body}</svg>`;
const disc = '<circle cx="40" cy="40" r="30" fill="teal"/>';

describe('the examples', () => {
  it.each<[Language, string, number]>([
    ['html', 'pricing-page', 0.5],
    ['html', 'long-report', 0.5],
    ['svg', 'badge', 0.5],
    ['svg', 'isometric', 0.5],
    ['svg', 'tiny-icon', 0.5],
  ])('%s: %s is rendered like its target', async (language, name, tolerance) => {
    const target = readFileSync(resolve(examples, `${name}.png`));
    const { width = 0, height = 0 } = await sharp(target).metadata();
    const code = readFileSync(resolve(examples, `${name}.${language}`), 'utf8');
    const { image, ...rest } = await renderCode(language, code, { width, height });
    expect(rest).toMatchObject({ width, height, log: '' });
    expect(await difference(image, target)).toBeLessThan(tolerance);
  });
});

describe('an SVG', () => {
  it('is rendered as an opaque sRGB image on white', async () => {
    const { image, renderer } = await renderCode('svg', svg(disc));
    expect(renderer).toMatch(/^svg librsvg-\d/);
    expect(await sharp(image).metadata()).toMatchObject({
      width: 100,
      height: 80,
      channels: 3,
      space: 'srgb',
      depth: 'uchar',
    });
    expect(await pixel(image, 95, 5)).toEqual([255, 255, 255]);
    expect(await pixel(image, 40, 40)).toEqual([0, 128, 128]);
  });

  it("gets the target's size if it has none of its own, and keeps its proportions", async () => {
    const code = svg('<rect width="10" height="10" fill="teal"/>', 'viewBox="0 0 10 10"');
    const { image, width, height } = await renderCode('svg', code, { width: 300, height: 100 });
    expect([width, height]).toEqual([300, 100]);
    expect(await pixel(image, 150, 50)).toEqual([0, 128, 128]);
    expect(await pixel(image, 50, 50)).toEqual([255, 255, 255]);
  });

  it('looks the same by librsvg and by the browser', async () => {
    const body = `${disc}<text x="10" y="75" font-family="sans-serif" font-size="16">Letters</text>`;
    const plain = await renderCode('svg', svg(body));
    const inBrowser = await renderCode('svg', svg(`${body}<style>:root { --unused: 1; fill: var(--unused) }</style>`));
    expect(inBrowser.renderer).toMatch(/^svg chromium-\d/);
    expect([inBrowser.width, inBrowser.height]).toEqual([100, 80]);
    expect(await difference(plain.image, inBrowser.image)).toBeLessThan(2);
  });

  it('shows what only a browser can render', async () => {
    const code = svg(
      '<foreignObject width="100" height="80"><p xmlns="http://www.w3.org/1999/xhtml" style="margin:0;height:80px;background:teal">x</p></foreignObject>',
    );
    expect(await pixel((await renderCode('svg', code)).image, 90, 70)).toEqual([0, 128, 128]);
  });

  it('is rendered at the end of its animations', async () => {
    const code = svg(
      '<rect width="20" height="20" fill="teal"><animate attributeName="x" from="0" to="60" dur="3s" fill="freeze"/></rect>',
    );
    expect(await pixel((await renderCode('svg', code)).image, 62, 10)).toEqual([0, 128, 128]);
  });

  it('that is not well-formed is rendered as far as possible, with the error in the log', async () => {
    const { image, log } = await renderCode('svg', svg(`${disc}\n<text y="9">a&nbsp;b</text>`));
    expect(await pixel(image, 40, 40)).toEqual([0, 128, 128]);
    expect(log).toContain("Line 2, column 20: Entity 'nbsp' not defined");
  });

  it('that is not well-formed and shows nothing fails with its syntax error', async () => {
    expect(await fail('svg', '<svg width="9" height="9">\n<rect></svg')).toMatchObject({
      kind: 'syntax',
      message: expect.stringMatching(/not well-formed XML. Line 2, column \d+:/),
    });
    expect(await fail('svg', 'I cannot draw that.')).toMatchObject({ kind: 'syntax' });
  });

  it.each([
    ['nothing', svg('')],
    ['a single color', svg('<rect width="100" height="80" fill="teal"/>')],
    ['nothing in the browser', svg('<foreignObject width="9" height="9"/>')],
  ])('that shows %s is a render, whose log says so', async (_, code) => {
    expect((await renderCode('svg', code)).log).toBe('The image is one single color.');
  });

  it('that shows a single color has its size and that color', async () => {
    const rendered = await renderCode('svg', svg('<rect width="100" height="80" fill="teal"/>'));
    expect(rendered).toMatchObject({ width: 100, height: 80, renderer: expect.stringMatching(/^svg /) });
    expect(await pixel(rendered.image, 50, 40)).toEqual([0, 128, 128]);
  });

  it.each([
    ['wide', 'width="8193" height="10"'],
    ['large', 'width="8000" height="8000"'],
    ['enormous', 'width="1e9" height="99999999999"'],
  ])('that is too %s is refused', async (_, root) => {
    const result = await render('svg', svg(disc, root));
    if (root.includes('1e9')) expect(result).toMatchObject({ status: 'ok', ...size });
    else expect(result).toMatchObject({ status: 'failed', kind: 'too-large' });
  });
});

describe('a page', () => {
  it('is as wide as the target and as high as its content', async () => {
    const { width, height, renderer } = await renderCode('html', '<h1>Hi</h1><div style="height:1000px">x</div>');
    expect([width, height > 1000, renderer]).toEqual([320, true, expect.stringMatching(/^html chromium-\d/)]);
  });

  it('that is shorter than the target has exactly its size', async () => {
    expect(await renderCode('html', '<body style="margin:0"><p style="margin:0">short')).toMatchObject(size);
  });

  it('is cut off at 16384 pixels', async () => {
    expect(await renderCode('html', '<p>x<div style="height:99999px">')).toMatchObject({ width: 320, height: 16_384 });
  });

  it('is rendered after its scripts and timers have run', async () => {
    const code = `<body style="margin:0"><script>
      requestAnimationFrame(() => setTimeout(() => { document.body.style.background = 'teal'; document.body.append('done') }, 800));
    </script>`;
    expect(await pixel((await renderCode('html', code)).image, 300, 200)).toEqual([0, 128, 128]);
  });

  it('is rendered after its animations have ended', async () => {
    const code = `<style>@keyframes k { from { background: red } to { background: teal } } body { animation: k 60s forwards }
      p { transition: color 60s }</style><body><p>text`;
    expect(await pixel((await renderCode('html', code)).image, 300, 200)).toEqual([0, 128, 128]);
  });

  it('shows what a script reveals when it becomes visible', async () => {
    const code = `<style>body { margin: 0 } p { height: 200px; margin: 0; opacity: 0; background: teal; transition: opacity 9s }
      .seen { opacity: 1 }</style><p>text<script>
      new IntersectionObserver(([entry]) => entry.isIntersecting && entry.target.classList.add('seen')).observe(document.querySelector('p'));
    </script>`;
    expect(await pixel((await renderCode('html', code)).image, 300, 150)).toEqual([0, 128, 128]);
  });

  it('has script errors and refused requests in its log', async () => {
    const code = '<h1>Hi</h1><script src="https://cdn.invalid/chart.js"></script>\n<script>\n  new Chart()</script>';
    const { log } = await renderCode('html', code);
    expect(log).toBe(
      'ReferenceError: Chart is not defined (line 3, column 3)\nThere is no network here; refused: https://cdn.invalid/chart.js (script)',
    );
  });

  it('is blank if its script failed to draw, and the log says why', async () => {
    const { log } = await renderCode('html', '<script>document.body.append(missing)</script>');
    expect(log).toMatch(/^The image is one single color\.\n.*TypeError/);
  });

  it('shares nothing with the page before it', async () => {
    const code = `<script>const once = 1; window.name += 'x'; localStorage.x = (localStorage.x ?? '') + 'x';
      document.cookie = 'x=' + document.cookie; document.write(name + localStorage.x + document.cookie)</script>`;
    const [first, second] = [await renderCode('html', code), await renderCode('html', code)];
    expect(first.log).toBe('');
    expect(Buffer.compare(first.image, second.image)).toBe(0);
  });

  it('that is too wide for a screenshot is refused', async () => {
    const result = await render('html', '<p>x', { width: 20_000, height: 10 });
    expect(result).toMatchObject({ status: 'failed', kind: 'too-large' });
  });
});

describe('the same code', () => {
  const restless = `<canvas id="c"></canvas><p id="p"></p><input autofocus value="caret"><div id="d">spin</div>
    <style>@keyframes spin { to { transform: rotate(1turn) } } #d { animation: spin 1s infinite; width: 40px }</style><script>
    const g = c.getContext('2d'); let n = 0;
    const frame = (t) => { g.fillRect(Math.random() * 300, Math.random() * 150, 3, t / 99); n++; requestAnimationFrame(frame) };
    requestAnimationFrame(frame); setInterval(() => { p.textContent = n + ' ' + Date.now() + ' ' + new Date() + ' ' + performance.now() }, 10);
    document.body.append(crypto.getRandomValues(new Uint8Array(4)).join());</script>`;

  it.each<[Language, string]>([
    ['html', restless],
    ['svg', svg(`${disc}<text y="70">text</text>`)],
    ['svg', svg(`${disc}<text y="70" textLength="90">text</text>`)],
  ])('is rendered to the same bytes at any time, in every slot (%s)', async (language, code) => {
    const results = await Promise.all(Array.from({ length: 6 }, () => renderCode(language, code)));
    const images = new Set(results.map((result) => Buffer.from(result.image).toString('base64')));
    expect(images.size).toBe(1);
  });

  it('is rendered once if there is a cache', async () => {
    const keeping = createRenderService({ concurrency: 1 });
    const request = { language: 'svg', code: svg(disc), size, trusted: false } as const;
    try {
      const [first, second] = [await keeping.render(request, noAbort), await keeping.render(request, noAbort)];
      const { image } = first as RenderResult & { status: 'ok' };
      expect((second as RenderResult & { status: 'ok' }).image).toBe(image);
      const other = await keeping.render({ ...request, code: svg(disc, 'width="50" height="50"') }, noAbort);
      expect(other).toMatchObject({ width: 50 });
    } finally {
      await keeping.close();
    }
  });
});

describe('a render', () => {
  const endless = '<script>while (true);</script>';

  it('ends at its deadline, and the next render is right', async () => {
    const startedAt = performance.now();
    const result = await fail('html', endless);
    expect(result).toMatchObject({ kind: 'timeout', message: expect.stringContaining('4 s') });
    // The margin is for killing the process tree on a busy machine. Without a deadline the page never ends.
    expect(performance.now() - startedAt).toBeLessThan(deadlineMs + 5000);
    expect(result.ms).toBeGreaterThan(deadlineMs - 100);
    await renderCode('html', '<h1>next</h1>');
  });

  it("ends when its signal aborts, and rejects with the signal's reason", async () => {
    const caller = new AbortController();
    const rendering = renderers.render({ language: 'html', code: endless, size, trusted: false }, caller.signal);
    const waiting = [1, 2, 3].map(() =>
      renderers.render({ language: 'html', code: endless, size, trusted: false }, caller.signal),
    );
    const reason = new Error('The job was canceled.');
    caller.abort(reason);
    for (const outcome of [rendering, ...waiting]) await expect(outcome).rejects.toBe(reason);
    await renderCode('html', '<h1>next</h1>');
  });

  it('does not start for a signal that has aborted already', async () => {
    const request = { language: 'svg', code: svg(disc), size, trusted: false } as const;
    await expect(renderers.render(request, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
  });
});

it('renders many at a time without mixing them up', async () => {
  const colors = ['#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#808080'];
  const bodies = colors.map((color) => `<rect width="60" height="60" fill="${color}"/>`);
  const rendered = await Promise.all([
    ...bodies.map((body) => renderCode('svg', svg(body))),
    ...colors.map((color) =>
      renderCode('html', `<body style="margin:0"><div style="width:60px;height:60px;background:${color}">`),
    ),
  ]);
  const found = await Promise.all(
    rendered.map(async ({ image }) => `#${Buffer.from(await pixel(image, 30, 30)).toString('hex')}`),
  );
  expect(found).toEqual([...colors, ...colors]);
});
