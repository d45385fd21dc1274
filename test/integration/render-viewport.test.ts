import { chromium, type Browser } from '@playwright/test';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../libs/sandbox/src/browser/chromium.ts';

const noAbort = new AbortController().signal;
const screen = { width: 1280, height: 720 };

let renderers: RenderService;
let plain: Browser;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
  plain = await chromium.launch({
    executablePath: findChromium(process.env['PENTIMENTO_CHROMIUM']),
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-lcd-text'],
  });
});
afterAll(() => Promise.all([renderers.close(), plain.close()]));

/** The whole page as a browser captures it that knows nothing of this project. */
async function capture(code: string, viewport = screen): Promise<Uint8Array> {
  const page = await plain.newPage({ viewport });
  try {
    await page.setContent(code);
    return await page.screenshot({ fullPage: true });
  } finally {
    await page.close();
  }
}

async function differingBytes(code: string, target: Uint8Array, viewportHeight?: number): Promise<number> {
  const { data, info } = await sharp(target).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const size = { width: info.width, height: info.height };
  const result = await renderers.render({ language: 'html', code, size, viewportHeight, trusted: false }, noAbort);
  expect(result).toMatchObject({ status: 'ok', ...size });
  const image = await sharp((result as { image: Uint8Array }).image)
    .raw()
    .toBuffer();
  return data.reduce((count, level, at) => count + Number(level !== image[at]), 0);
}

const start = '<!doctype html><meta charset="utf-8"><style>body { margin: 0; font: 20px Arial }</style>';
const section = (style: string): string =>
  `<section style="overflow:hidden;${style}"><h2>A heading</h2><p>Some text</section>`;

describe('a page looks as where its target was captured', () => {
  it.each([
    [
      'sections as high as the screen',
      section('height:100vh;background:#369') + section('height:100vh;background:#963'),
    ],
    ['a section as high as the screen, and more', section('height:100vh;background:#369') + section('height:60px')],
    ['less than a screen', section('background:#eef')],
    [
      'a footer at the bottom of the screen',
      `${section('min-height:100vh;box-sizing:border-box')}<footer style="margin-top:-40px">end</footer>`,
    ],
  ])('with %s', async (_, body) => {
    const code = start + body;
    expect(await differingBytes(code, await capture(code))).toBe(0);
  });

  it.each([
    [1024, 768],
    [1000, 700],
    [1440, 900],
    [390, 844],
    [768, 1024],
  ])('on a screen of %ix%i', async (width, height) => {
    const code = start + section('height:100vh;background:#369');
    expect(await differingBytes(code, await capture(code, { width, height }))).toBe(0);
  });

  it('with the height of the viewport that is given', async () => {
    const code = start + section('height:100vh;background:#369').repeat(4);
    const target = await capture(code, { width: 800, height: 333 });
    expect(await differingBytes(code, target, 333)).toBe(0);
  });
});
