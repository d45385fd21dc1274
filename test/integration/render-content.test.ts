import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const size = { width: 400, height: 240 };
const noAbort = new AbortController().signal;

let renderers: RenderService;
/** A data URI of noise. */
let uri: string;
beforeAll(async () => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const image = sharp({ create: { width: 100, height: 80, channels: 3, background: '#fff', noise } });
  uri = `data:image/png;base64,${(await image.png().toBuffer()).toString('base64')}`;
});
afterAll(() => renderers.close());

async function contentOf(language: string, code: string) {
  const result = await renderers.render({ language, code, size, trusted: false }, noAbort);
  if (result.status === 'failed') throw new Error(result.message);
  return { ...result, text: result.text?.trim() };
}
const html = (code: string) =>
  contentOf('html', `<!doctype html><style>body{margin:0}img,svg,canvas{display:block}</style>${code}`);
const svg = (code: string) =>
  contentOf(
    'svg',
    `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="240"><path d="M9 200h9v9z"/>${code}</svg>`,
  );

describe('the share of bitmaps', () => {
  it.each<[string, number, (uri: string) => string]>([
    ['an image', 0.5, (uri) => `<img src="${uri}" width="200" height="240">`],
    ['a background', 0.25, (uri) => `<div style="width:100px;height:240px;background:url(${uri})"></div>`],
    ['generated content', 1, (uri) => `<style>p{margin:0;height:240px}p::before{content:url(${uri})}</style><p>`],
    [
      'a pattern',
      1,
      (uri) =>
        `<svg width="400" height="240"><defs><pattern id="p" width="1" height="1"><image href="${uri}" width="400" height="240"/></pattern></defs><rect width="400" height="240" fill="url(#p)"/></svg>`,
    ],
    [
      'a drawing that holds one',
      0.5,
      (uri) =>
        `<img src="data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="200" height="240"><image href="${uri}"/></svg>`)}" width="200" height="240">`,
    ],
    [
      'a canvas that an image is drawn on',
      0.5,
      (uri) =>
        `<canvas id="c" width="400" height="120"></canvas><script>const i = new Image(); i.onload = () => c.getContext('2d').drawImage(i, 0, 0); i.src = '${uri}'</script>`,
    ],
    ['an icon', 0.01, (uri) => `<img src="${uri}" width="32" height="30">`],
    ['a hidden image', 0, (uri) => `<img src="${uri}" style="opacity:0" width="200" height="240"><p>text`],
    [
      'a chart on a canvas',
      0,
      () =>
        `<canvas id="c" width="400" height="240"></canvas><script>c.getContext('2d').fillRect(9, 9, 99, 99)</script>`,
    ],
    [
      'a drawing in a data URI',
      0,
      () =>
        `<img width="400" height="240" src="data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg"><path d="${'M9 9h9v9z'.repeat(90)}"/></svg>`)}">`,
    ],
  ])('of a page with %s is %d', async (_, share, code) => {
    expect((await html(code(uri))).bitmapShare).toBeCloseTo(share, 2);
  });

  it('of an SVG is that of its images, whichever engine draws it', async () => {
    expect((await svg('<text y="20">drawn</text>')).bitmapShare).toBe(0);
    const image = `<image href="${uri}" width="200" height="240" preserveAspectRatio="none"/>`;
    expect((await svg(image)).bitmapShare).toBeCloseTo(0.5, 2);
    const foreign = `<foreignObject width="400" height="240"><img xmlns="http://www.w3.org/1999/xhtml" src="${uri}" style="display:block" width="400" height="120"/></foreignObject>`;
    expect((await svg(foreign)).bitmapShare).toBeCloseTo(0.5, 2);
  });

  it('of a figure of matplotlib is that of the colors that its code holds', async () => {
    const figure = (data: string) =>
      contentOf(
        'python',
        `import base64, io\nimport numpy as np\nimport matplotlib.pyplot as plt\nfrom PIL import Image\nfig = plt.figure(figsize=(4, 3))\nfig.add_axes([0, 0, .5, 1]).imshow(${data}, aspect='auto')\nfig.savefig('a.png')`,
      );
    const held = `np.array(Image.open(io.BytesIO(base64.b64decode('${uri.split(',')[1]}'))))`;
    expect((await figure(held)).bitmapShare).toBeCloseTo(0.5, 2);
    expect((await figure('np.random.rand(80, 80, 3)')).bitmapShare).toBe(0);
    expect((await figure('np.random.rand(80, 80)')).bitmapShare).toBe(0);
  });
});

it.each<[string, string]>([
  ['white on white', '<p style="color:#fff">hidden'],
  ['nearly white on white', '<p style="color:#fcfcfc">hidden'],
  ['transparent', '<p style="color:transparent">hidden'],
  ['without opacity', '<p style="opacity:0">hidden'],
  ['out of the page', '<p style="position:absolute;left:-999px">hidden'],
  ['not displayed', '<p style="display:none">hidden'],
  ['of no size', '<p style="font-size:0">hidden'],
  ['clipped away', '<p style="clip-path:inset(50%)">hidden'],
  [
    'covered',
    '<div style="position:relative">hidden<i style="position:absolute;inset:0;background:#0000ff"></i></div>',
  ],
])('text that is %s is not read', async (_, code) => {
  expect((await html(`<p>seen</p>${code}`)).text).toBe('seen');
});

it('text that can be seen is read, also white on black and below the first screen', async () => {
  const code = '<p style="background:#000;color:#fff">white</p><p style="margin-top:900px">far <b>be</b>low';
  expect((await html(code)).text).toBe('white\nfar below');
});

it('says that the axes of an empty plot hold no data', async () => {
  const plot = (data: string) =>
    contentOf('python', `import matplotlib.pyplot as plt\nplt.plot(${data})\nplt.savefig('a.png')`);
  expect((await plot('[]')).log).toContain('The axes are empty: no data is drawn in them.');
  expect((await plot('[1, 2]')).log).toBe('');
});
