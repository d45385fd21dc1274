import type { RenderResult } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { Chromium, findChromium } from '../../libs/sandbox/src/browser/chromium.ts';
import type { Browser } from '../../libs/sandbox/src/browser/browser.ts';
import { withFonts } from '../../libs/runtimes/src/fonts/font-set.ts';
import { renderPlotly } from '../../libs/render/src/pages/plotly.ts';
import { SandboxLauncher } from '../../libs/sandbox/src/isolation/sandbox-launcher.ts';
import { WarmProcess } from '../../libs/sandbox/src/processes/warm-process.ts';

const size = { width: 420, height: 320 };
const noAbort = new AbortController().signal;

let browser: WarmProcess<Browser>;
beforeAll(async () => {
  const launcher = new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });
  const chromium = new Chromium(findChromium(process.env['PENTIMENTO_CHROMIUM'])!, launcher, '/tmp', withFonts);
  browser = new WarmProcess(() => chromium.start());
  await browser.get();
});
afterAll(() => browser.close());

type Ok = Extract<RenderResult, { status: 'ok' }>;

const renderText = (figure: string, target: Parameters<typeof renderPlotly>[1] = size) =>
  renderPlotly(figure, target, browser, 20_000, noAbort);

async function renderCode(figure: object, target?: Parameters<typeof renderPlotly>[1]): Promise<Ok> {
  const result = await renderText(JSON.stringify(figure), target);
  expect(result).toMatchObject({ status: 'ok' });
  return result as Ok;
}

const wave = Array.from({ length: 12 }, (_, i) =>
  Array.from({ length: 12 }, (_, j) => Math.sin(i / 3) * Math.cos(j / 3)),
);

/** Number of colors in the middle of the image, where there are no axes. */
async function colorsInTheMiddle({ image, width, height }: Ok): Promise<number> {
  const region = { left: Math.round(width * 0.3), top: Math.round(height * 0.3), width: 80, height: 80 };
  const pixels = await sharp(image).extract(region).raw().toBuffer();
  return new Set(Array.from({ length: pixels.length / 3 }, (_, i) => pixels.readUIntBE(i * 3, 3))).size;
}

describe('a figure', () => {
  it.each<[string, object, string[]]>([
    ['scatter', { x: [1, 2, 3], y: [2, 1, 4], mode: 'lines+markers' }, ['1.5']],
    ['bar', { type: 'bar', x: ['ape', 'bee'], y: [2, 3] }, ['ape', 'bee']],
    ['heatmap', { type: 'heatmap', z: wave }, ['10']],
    ['pie', { type: 'pie', labels: ['ape', 'bee'], values: [3, 1] }, ['75%', 'ape']],
    ['box', { type: 'box', y: [1, 2, 3, 9] }, ['trace 0']],
    ['sunburst', { type: 'sunburst', labels: ['root', 'leaf'], parents: ['', 'root'], values: [1, 1] }, ['leaf']],
    ['choropleth', { type: 'choropleth', locations: ['FRA', 'BRA'], z: [1, 2] }, ['1.5']],
    ['WebGL points', { type: 'scattergl', mode: 'markers', x: wave[1], y: wave[2], marker: { size: 40 } }, []],
    ['3D surface', { type: 'surface', z: wave }, []],
  ])('of type %s is rendered, and its text read', async (_, trace, words) => {
    const output = await renderCode({ data: [trace], layout: { title: { text: 'A title' } } });
    expect(output).toMatchObject({ ...size, renderer: expect.stringMatching(/^plotly-2\.\d+\.\d+ chromium-\d/) });
    expect(await colorsInTheMiddle(output)).toBeGreaterThan(1);
    for (const word of [...words, 'A title']) expect(output.text).toContain(word);
    expect(output.log).toBe('');
  });

  it("has its layout's size rather than the default, and the requested scale", async () => {
    const data = [{ y: [1, 2] }];
    expect(await renderCode({ data, layout: { width: 300, height: 200 } })).toMatchObject({ width: 300, height: 200 });
    expect(await renderCode({ data, layout: {} }, { ...size, scale: 2 })).toMatchObject({ width: 840, height: 640 });
  });

  it('is rendered to the same bytes at any time', async () => {
    const figure = { data: [{ type: 'violin', y: [1, 2, 2, 3, 9], points: 'all', jitter: 1 }], layout: {} };
    const [first, second] = [await renderCode(figure), await renderCode(figure)];
    expect(Buffer.compare(first.image, second.image)).toBe(0);
  });

  it('is treated as data, even if it contains markup', async () => {
    const title = '</script><script>document.body.remove()</script><img src=x onerror=document.body.remove()>';
    const { text } = await renderCode({ data: [{ y: [1, 2] }], layout: { title: { text: `${title}kept\u2028` } } });
    expect(text).toContain('kept');
  });

  it('that is malformed fails', async () => {
    expect(await renderText('{"data"')).toMatchObject({
      kind: 'runtime',
      message: expect.stringContaining('not JSON'),
    });
    expect(await renderText('null')).toMatchObject({ kind: 'runtime', message: expect.stringContaining('"data"') });
    const huge = { data: [{ y: [1] }], layout: { width: 16_000, height: 16_000 } };
    expect(await renderText(JSON.stringify(huge))).toMatchObject({ kind: 'too-large' });
  });

  it('does not affect the next', async () => {
    const data = [{ y: [1, 2] }];
    const before = await renderCode({ data, layout: {} });
    await renderCode({
      data: [{ type: 'pie', values: [1, 2] }],
      layout: { template: { layout: { paper_bgcolor: 'red' } } },
    });
    expect(Buffer.compare((await renderCode({ data, layout: {} })).image, before.image)).toBe(0);
  });
});
