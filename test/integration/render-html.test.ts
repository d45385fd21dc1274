import type { RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const size = { width: 400, height: 240 };
const noAbort = new AbortController().signal;

let renderers: RenderService;
beforeAll(() => {
  renderers = createRenderService({ concurrency: 1, cacheBytes: 0 });
});
afterAll(() => renderers.close());

type Ok = Extract<RenderResult, { status: 'ok' }>;

const render = (code: string, target = size): Promise<RenderResult> =>
  renderers.render({ language: 'html', code: `<!doctype html>${code}`, size: target, trusted: false }, noAbort);

async function renderCode(code: string, target = size): Promise<Ok> {
  const result = await render(code, target);
  expect(result).toMatchObject({ status: 'ok' });
  return result as Ok;
}

async function pixel({ image }: Ok, x: number, y: number): Promise<number[]> {
  return [...(await sharp(image).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())];
}

/** Appends the value of an expression to the page's text. */
const appendValue = (expression: string): string =>
  `<script>document.body.append(' It is ' + (${expression}))</script>`;

describe('a page from the common CDNs', () => {
  const script = (url: string): string => `<script src="${url}" crossorigin="anonymous"></script>`;
  const sheet = (url: string): string => `<link rel="stylesheet" href="${url}">`;
  const fill = '<body style="margin:0"><div id="d" class="CLASSES" style="height:240px">text</div>';
  const filled = (classes: string): string => fill.replace('CLASSES', classes);

  it.each([
    [
      'Tailwind 4',
      script('https://cdn.jsdelivr.net/npm/@tailwindcss/browser@4') + filled('bg-[#ff6600]'),
      [255, 102, 0],
    ],
    ['Tailwind 3', script('https://cdn.tailwindcss.com') + filled('bg-[#ff6600]'), [255, 102, 0]],
    [
      'Tailwind 3 with a theme',
      `${script('https://cdn.tailwindcss.com')}<script>tailwind.config = { theme: { extend: { colors: { brand: '#ff6600' } } } }</script>${filled('bg-brand')}`,
      [255, 102, 0],
    ],
    [
      'Tailwind 2',
      sheet('https://cdn.jsdelivr.net/npm/tailwindcss@2.2.19/dist/tailwind.min.css') + filled('bg-green-500'),
      [16, 185, 129],
    ],
    [
      'Bootstrap 5, with the checksum of another version',
      `<link rel="stylesheet" href="https://cdn.jsdelivr.net/npm/bootstrap@5.3.0/dist/css/bootstrap.min.css" integrity="sha384-AAAA" crossorigin="anonymous">${filled('bg-primary')}`,
      [13, 110, 253],
    ],
    [
      'Bootstrap 4',
      sheet('https://stackpath.bootstrapcdn.com/bootstrap/4.5.2/css/bootstrap.min.css') + filled('bg-primary'),
      [0, 123, 255],
    ],
    [
      'Bulma',
      sheet('https://cdn.jsdelivr.net/npm/bulma@0.9.4/css/bulma.min.css') + filled('has-background-black'),
      [10, 10, 10],
    ],
    [
      'jQuery',
      `${script('https://code.jquery.com/jquery-3.6.0.min.js')}${filled('')}<script>$('#d').css('background', 'teal')</script>`,
      [0, 128, 128],
    ],
    [
      'D3 with a transition',
      `${script('https://d3js.org/d3.v7.min.js')}${filled('')}<script>d3.select('#d').transition().duration(400).style('background', 'rgb(0, 128, 128)')</script>`,
      [0, 128, 128],
    ],
    [
      'Chart.js',
      `${script('https://cdn.jsdelivr.net/npm/chart.js')}<body style="margin:0"><div style="width:400px;height:240px"><canvas id="c"></canvas></div>
       <script>new Chart(c, { type: 'bar', data: { labels: ['a'], datasets: [{ data: [1], backgroundColor: 'teal', barPercentage: 1, categoryPercentage: 1 }] },
       options: { maintainAspectRatio: false, plugins: { legend: { display: false } } } })</script>`,
      [0, 128, 128],
    ],
    [
      'Vue',
      `${script('https://unpkg.com/vue@3/dist/vue.global.js')}<body style="margin:0"><div id="app"><p v-for="i in 9" style="background:teal;height:50px;margin:0">{{ i }}</p></div><script>Vue.createApp({}).mount('#app')</script>`,
      [0, 128, 128],
    ],
    [
      'React',
      `<body style="margin:0"><div id="root"></div>${script('https://unpkg.com/react@18/umd/react.production.min.js')}${script('https://unpkg.com/react-dom@18/umd/react-dom.production.min.js')}<script>ReactDOM.createRoot(root).render(React.createElement('h1', { style: { background: 'teal', height: 240, margin: 0 } }, 'Hi'))</script>`,
      [0, 128, 128],
    ],
    [
      'an image of a known size',
      '<body style="margin:0"><img src="https://placehold.co/400x240"><p>text',
      [204, 204, 204],
    ],
  ])('is rendered with %s', async (_, code, color) => {
    const output = await renderCode(code);
    expect(output.log).toBe('');
    expect(await pixel(output, 390, 150)).toEqual(color);
  });

  it('has fonts of Google, and reports the fonts that are missing', async () => {
    const family = (name: string): string =>
      `${sheet(`https://fonts.googleapis.com/css2?family=${name}&family=Nowhere+Sans`)}<h1 style="font-family: ${name}, monospace">Quick</h1>`;
    const [known, unknown] = [await renderCode(family('Pacifico')), await renderCode(family('Elsewhere'))];
    expect(Buffer.compare(known.image, unknown.image)).not.toBe(0);
    expect(known.log).toBe('There is no network here; refused: the font "Nowhere Sans"');
    expect(unknown.log).toContain('refused: https://fonts.googleapis.com/css2?family=Elsewhere');
  });

  it('has the icons of Font Awesome and Material, which are not text', async () => {
    const head =
      sheet('https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.4.0/css/all.min.css') +
      sheet('https://fonts.googleapis.com/icon?family=Material+Icons');
    const { text, log } = await renderCode(
      `${head}<i class="fa-solid fa-house"></i> home${appendValue(`[...document.fonts].map((font) => font.family).filter((name) => /Awesome 6 Free|Material/.test(name)).length > 1`)}`,
    );
    expect(log).toBe('');
    expect(text?.trim()).toBe('home It is true');
  });

  it('does without what is not there, and names it', async () => {
    const { log } = await renderCode(
      `<h1>x</h1>${script('https://cdn.jsdelivr.net/npm/three@0.160.0/build/three.min.js')}${sheet('https://unpkg.com/jquery@3/../../package.json')}`,
    );
    expect(log).toMatch(
      /refused: https:\/\/cdn\.jsdelivr\.net\/npm\/three@0\.160\.0\S+ https:\/\/unpkg\.com\/package\.json$/,
    );
  });

  it('waits for what a worker computes', async () => {
    const work = 'let sum = 0; for (let i = 0; i < 3e7; i++) sum += i; postMessage(sum)';
    const page = `<p id="p">nothing<script>
      new Worker(URL.createObjectURL(new Blob(['${work}']))).onmessage = ({ data }) => (p.textContent = data)</script>`;
    expect((await renderCode(page)).text?.trim()).toBe('449999985000000');
  });

  it('may load modules', async () => {
    const { text, log } = await renderCode(
      `<body><script type="importmap">{ "imports": { "vue": "https://unpkg.com/vue@3/dist/vue.esm-browser.js" } }</script>
       <script type="module">import { version } from 'vue'; document.body.append('Vue ' + version)</script>`,
    );
    expect(text).toMatch(/^Vue 3\./);
    expect(log).toBe('');
  });

  it.each([
    ['that pulses', script('https://cdn.tailwindcss.com') + filled('bg-gradient-to-r from-sky-500 animate-pulse')],
    ['with a marquee', '<marquee @odd behavior="alternate" style="background:teal;height:60px">On and on</marquee>'],
  ])('%s is rendered to the same bytes at any time', async (_, code) => {
    const [first, second] = [await renderCode(code), await renderCode(code)];
    expect(Buffer.compare(first.image, second.image)).toBe(0);
    expect(first.text?.trim()).not.toBe('');
  });
});

describe('a page', () => {
  it("has the target's width for its media queries and its units", async () => {
    const code =
      '<style>body { margin: 0 } p { margin: 0; height: 100vh; width: 50vw } @media (min-width: 600px) { p { background: teal } }</style><p>text';
    expect(await pixel(await renderCode(code, { width: 700, height: 100 }), 340, 90)).toEqual([0, 128, 128]);
    expect(await pixel(await renderCode(code, { width: 500, height: 100 }), 240, 90)).toEqual([255, 255, 255]);
  });

  it('is rendered for a screen of double density as wide as the target', async () => {
    const seen = appendValue(
      `[innerWidth, innerHeight, devicePixelRatio, matchMedia('(min-resolution: 2dppx)').matches].join() === '200,120,2,true'`,
    );
    const code = `<style>@media (width: 200px) { body { margin: 0; border-top: 3px solid teal } }</style><body>${seen}`;
    const result = await renderers.render({ language: 'html', code, size, deviceScale: 2, trusted: false }, noAbort);
    expect(result).toMatchObject({ status: 'ok', ...size, text: 'It is true' });
    expect(await pixel(result as Ok, 390, 5)).toEqual([0, 128, 128]);
    expect(await pixel(result as Ok, 390, 6)).toEqual([255, 255, 255]);
  });

  it.each([
    [
      'text in reading order',
      '<h1>One</h1><ul><li>two</li><li>three</li></ul><table><tr><td>a<td>b</table>',
      'One\ntwo\nthree\na\tb',
    ],
    [
      'nothing hidden',
      '<p>seen</p><p hidden>not</p><p style="visibility:hidden">nor this</p><script>1</script>',
      'seen',
    ],
    ['what scripts wrote', '<p id="p"></p><script>setTimeout(() => { p.textContent = "late" }, 500)</script>', 'late'],
    ['words in an SVG', '<svg><text y="20">drawn</text></svg>', 'drawn'],
    ['capitals as they show', '<p style="text-transform:uppercase">loud</p>', 'LOUD'],
  ])('has its text read: %s', async (_, code, text) => {
    expect((await renderCode(code)).text?.trim()).toBe(text);
  });

  it('has at most 64 KB of its text read', async () => {
    expect((await renderCode(`<p>${'word '.repeat(50_000)}`)).text).toHaveLength(65_536);
  });

  it('cannot lie about its text', async () => {
    const code = `<p>true</p><script>Object.defineProperty(HTMLElement.prototype, 'innerText', { get: () => 'a lie' });
      String.prototype.slice = () => 'a lie'</script>`;
    expect((await renderCode(code)).text).toBe('true');
  });

  it.each([
    ['variables', ':root { --c: teal } body { background: var(--c) }'],
    ['grid and layers', '@layer a { body { background: teal } } body { display: grid }'],
    ['nesting', 'html { & body { background: teal } }'],
    ['supports', '@supports (display: grid) { body { background: teal } }'],
  ])('is rendered with CSS: %s', async (_, css) => {
    expect(await pixel(await renderCode(`<style>${css}</style><p>text`), 390, 230)).toEqual([0, 128, 128]);
  });

  it('can draw by WebGL', async () => {
    const code = `<body style="margin:0"><canvas id="c" width="400" height="200"></canvas><p>text<script>
      const gl = c.getContext('webgl'); gl.clearColor(0, 0.5, 0.5, 1); gl.clear(gl.COLOR_BUFFER_BIT)</script>`;
    expect(await pixel(await renderCode(code), 200, 100)).toEqual([0, 128, 128]);
  });

  it('has errors before and after its load event in the log', async () => {
    const { log } = await renderCode(
      `<h1>x</h1><script>console.error('early', 1); missing()</script><script>setTimeout(() => console.error('late'), 900)</script>`,
    );
    expect(log).toMatch(/console: early 1\n.*missing is not defined.*\nconsole: late/);
  });
});
