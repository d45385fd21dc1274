import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const noAbort = new AbortController().signal;
/** Of the target: the published reward does not look at it when it renders. */
const size = { width: 1000, height: 1500 };

let published: RenderService;
let target: RenderService;
beforeAll(() => {
  published = createRenderService({ concurrency: 1, deadlineMs: 40_000, mode: 'published', viewportHeight: 900 });
  target = createRenderService({ concurrency: 1, deadlineMs: 40_000 });
});
afterAll(() => Promise.all([published.close(), target.close()]));

async function draw(language: Language, code: string, by = published): Promise<RenderResult & { status: 'ok' }> {
  const result = await by.render({ language, code, size, deviceScale: 2, trusted: false }, noAbort);
  expect(result).toMatchObject({ status: 'ok' });
  return result as RenderResult & { status: 'ok' };
}

async function pixel({ image }: { image: Uint8Array }, x: number, y: number): Promise<number[]> {
  return [...(await sharp(image).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())];
}

const svg = (attributes: string, body: string) => `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${body}</svg>`;
const [teal, white] = [
  [0, 128, 128],
  [255, 255, 255],
];

describe('in the published mode', () => {
  it.each([
    ['its viewBox', 'viewBox="0 0 100 50"'],
    ['its own size', 'width="100" height="50"'],
    ['its viewBox, whatever its size', 'width="700" height="20" viewBox="0 0 100 50"'],
    ['its size in millimeters', 'width="100mm" height="50mm"'],
  ])('an SVG fills a square of 336 px by %s, centered on white', async (_, attributes) => {
    const unit = attributes.includes('mm') ? 96 / 25.4 : 1;
    const body = `<path d="M0 0h${100 * unit}v${50 * unit}H0z" fill="teal"/>`;
    const render = await draw('svg', svg(attributes, body));
    expect(render).toMatchObject({ width: 336, height: 336 });
    expect(await pixel(render, 168, 168)).toEqual(teal);
    expect(await pixel(render, 2, 90)).toEqual(teal);
    expect(await pixel(render, 168, 70)).toEqual(white);
  });

  it('an SVG without a size or a viewBox is not scaled', async () => {
    const render = await draw('svg', svg('', '<path d="M0 0h100v50H0z" fill="teal"/>'));
    expect(await pixel(render, 99, 49)).toEqual(teal);
    expect(await pixel(render, 102, 20)).toEqual(white);
  });

  it('a page has the viewport of a new page of Playwright, and its whole height', async () => {
    const code =
      '<body style="margin:0"><div style="height:100vh;background:teal"></div><p style="margin:0;height:80px;width:50vw;background:#c00">';
    const render = await draw('html', code);
    expect(render).toMatchObject({ width: 1280, height: 800 });
    expect(await pixel(render, 10, 719)).toEqual(teal);
    expect(await pixel(render, 630, 730)).toEqual([204, 0, 0]);
  });

  it('an article is a standalone figure at 300 dpi', async () => {
    const code = String.raw`\documentclass{article}\usepackage{tikz}\begin{document}\begin{tikzpicture}\fill[teal] (0,0) rectangle (5,1);\end{tikzpicture}\end{document}`;
    const { width, height } = await draw('latex', code);
    const [border, dpcm] = [0.314, 300 / 2.54];
    expect(width).toBeCloseTo((5 + 2 * border) * dpcm, -1);
    expect(height).toBeCloseTo((1 + 2 * border) * dpcm, -1);
  });

  it.each<[Language, string]>([
    ['svg', svg('width="9" height="9"', '<path d="M0 0h4v9H0z"/>')],
    ['html', '<p>hello'],
  ])('a render of %s has another name, and so another place in the caches', async (language, code) => {
    const [first, second] = [await draw(language, code), await draw(language, code, target)];
    expect(first.renderer).toBe(`${second.renderer} published`);
  });
});
