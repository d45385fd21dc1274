import type { RenderResult } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { Chromium, findChromium } from '../../libs/sandbox/src/browser/chromium.ts';
import type { Browser } from '../../libs/sandbox/src/browser/browser.ts';
import { drawPlotly } from '../../libs/render/src/pages/plotly.ts';
import { Keeper } from '../../libs/sandbox/src/isolation/keeper.ts';
import { Standing } from '../../libs/sandbox/src/processes/standing.ts';

const size = { width: 420, height: 320 };
const never = new AbortController().signal;

let browser: Standing<Browser>;
beforeAll(async () => {
  const keeper = new Keeper({ bubblewrap: undefined, allowUnsandboxed: false });
  const chromium = new Chromium(findChromium(process.env['PENTIMENTO_CHROMIUM'])!, keeper, '/tmp');
  browser = new Standing(() => chromium.start());
  await browser.get();
});
afterAll(() => browser.close());

type Ok = Extract<RenderResult, { status: 'ok' }>;

const drawText = (figure: string, target: Parameters<typeof drawPlotly>[1] = size) =>
  drawPlotly(figure, target, browser, 20_000, never);

async function draw(figure: object, target?: Parameters<typeof drawPlotly>[1]): Promise<Ok> {
  const drawing = await drawText(JSON.stringify(figure), target);
  expect(drawing).toMatchObject({ status: 'ok' });
  return drawing as Ok;
}

const wave = Array.from({ length: 12 }, (_, i) =>
  Array.from({ length: 12 }, (_, j) => Math.sin(i / 3) * Math.cos(j / 3)),
);

/** How many colours the picture has in its middle, which axes alone do not reach. */
async function coloursInTheMiddle({ image, width, height }: Ok): Promise<number> {
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
  ])('of type %s is drawn, and read', async (_, trace, words) => {
    const drawn = await draw({ data: [trace], layout: { title: { text: 'A title' } } });
    expect(drawn).toMatchObject({ ...size, renderer: expect.stringMatching(/^plotly-2\.\d+\.\d+ chromium-\d/) });
    expect(await coloursInTheMiddle(drawn)).toBeGreaterThan(1);
    for (const word of [...words, 'A title']) expect(drawn.text).toContain(word);
    expect(drawn.log).toBe('');
  });

  it("has its layout's size before the one given, and the scale asked", async () => {
    const data = [{ y: [1, 2] }];
    expect(await draw({ data, layout: { width: 300, height: 200 } })).toMatchObject({ width: 300, height: 200 });
    expect(await draw({ data, layout: {} }, { ...size, scale: 2 })).toMatchObject({ width: 840, height: 640 });
  });

  it('is the same at any time', async () => {
    const figure = { data: [{ type: 'violin', y: [1, 2, 2, 3, 9], points: 'all', jitter: 1 }], layout: {} };
    const [first, second] = [await draw(figure), await draw(figure)];
    expect(Buffer.compare(first.image, second.image)).toBe(0);
  });

  it('is data, whatever it says', async () => {
    const title = '</script><script>document.body.remove()</script><img src=x onerror=document.body.remove()>';
    const { text } = await draw({ data: [{ y: [1, 2] }], layout: { title: { text: `${title}kept\u2028` } } });
    expect(text).toContain('kept');
  });

  it('that is not one fails', async () => {
    expect(await drawText('{"data"')).toMatchObject({ kind: 'runtime', message: expect.stringContaining('not JSON') });
    expect(await drawText('null')).toMatchObject({ kind: 'runtime', message: expect.stringContaining('"data"') });
    const huge = { data: [{ y: [1] }], layout: { width: 16_000, height: 16_000 } };
    expect(await drawText(JSON.stringify(huge))).toMatchObject({ kind: 'too-large' });
  });

  it('leaves nothing for the next', async () => {
    const data = [{ y: [1, 2] }];
    const before = await draw({ data, layout: {} });
    await draw({ data: [{ type: 'pie', values: [1, 2] }], layout: { template: { layout: { paper_bgcolor: 'red' } } } });
    expect(Buffer.compare((await draw({ data, layout: {} })).image, before.image)).toBe(0);
  });
});
