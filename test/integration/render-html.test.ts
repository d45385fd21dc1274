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
      'React with Babel',
      `<body style="margin:0"><div id="root"></div>${script('https://unpkg.com/react@18/umd/react.development.js')}${script('https://unpkg.com/react-dom@18/umd/react-dom.development.js')}${script('https://unpkg.com/@babel/standalone/babel.min.js')}<script type="text/babel">const Card = () => <h1 style={{ background: 'teal', height: 240, margin: 0 }}>Hi</h1>; ReactDOM.createRoot(document.getElementById('root')).render(<Card />);</script>`,
      [0, 128, 128],
    ],
    [
      'Vue 2',
      `<body style="margin:0"><div id="app"><p v-for="i in 9" style="background:teal;height:50px;margin:0">{{ i }}</p></div>${script('https://cdn.jsdelivr.net/npm/vue@2/dist/vue.min.js')}<script>new Vue({ el: '#app' })</script>`,
      [0, 128, 128],
    ],
    [
      'ECharts',
      `<body style="margin:0"><div id="c" style="width:400px;height:200px"></div><p>text</p>${script('https://cdn.jsdelivr.net/npm/echarts@5.4.3/dist/echarts.min.js')}<script>echarts.init(c).setOption({ grid: { left: 0, right: 0, top: 0, bottom: 0 }, xAxis: { data: ['a'] }, yAxis: { max: 1 }, series: [{ type: 'bar', data: [1], itemStyle: { color: 'teal' }, barWidth: '100%' }] })</script>`,
      [0, 128, 128],
    ],
    [
      'DaisyUI',
      `${sheet('https://cdn.jsdelivr.net/npm/daisyui@4.12.10/dist/full.min.css')}${script('https://cdn.tailwindcss.com')}<body style="margin:0"><div data-theme="cyberpunk" class="bg-base-100" style="height:240px">text</div>`,
      [255, 242, 72],
    ],
    [
      'Swiper',
      `${sheet('https://cdn.jsdelivr.net/npm/swiper@11/swiper-bundle.min.css')}<body style="margin:0"><div class="swiper"><div class="swiper-wrapper"><div class="swiper-slide" style="background:red;height:240px">1</div><div class="swiper-slide" style="background:teal;height:240px">2</div></div></div>${script('https://cdn.jsdelivr.net/npm/swiper@11/swiper-bundle.min.js')}<script>new Swiper('.swiper', { initialSlide: 1 })</script>`,
      [0, 128, 128],
    ],
    [
      'Lucide',
      `<body style="margin:0"><i data-lucide="square" style="fill:teal;stroke:teal;width:400px;height:240px"></i><p>text</p>${script('https://unpkg.com/lucide@latest')}<script>lucide.createIcons()</script>`,
      [255, 255, 255],
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

  it('has formulas of MathJax', async () => {
    const { text, log } = await renderCode(
      `${script('https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js')}<p>\\(\\frac{a}{b}\\)</p>`,
    );
    expect(log).toBe('');
    expect(text).not.toContain('frac');
  });

  it('has icons of Lucide', async () => {
    const { text } = await renderCode(
      `<body><i data-lucide="house"></i>${script('https://unpkg.com/lucide@latest/dist/umd/lucide.js')}<script>lucide.createIcons(); document.body.append(document.querySelector('svg.lucide-house path') ? 'drawn' : 'missing')</script>`,
    );
    expect(text).toContain('drawn');
  });

  it('has placeholders of the size, the colors and the text of their URLs, and says so', async () => {
    const output = await renderCode(
      '<body style="margin:0"><img src="https://placehold.co/400x100/ff6600/ffffff?text=." style="display:block"><img src="https://images.unsplash.com/photo-9?w=400&h=100">',
    );
    expect(await pixel(output, 390, 50)).toEqual([255, 102, 0]);
    expect(await pixel(output, 390, 190)).toEqual([204, 204, 204]);
    expect(output.log).toMatch(
      /^Placeholders of the same size are drawn for: https:\/\/placehold\S+ https:\/\/images\S+$/,
    );
  });

  it('that is blank without a library says which one is missing', async () => {
    const code = `<div id="map"></div>${script('https://unpkg.com/apexcharts@3.45.0/dist/apexcharts.js')}<script>new ApexCharts(map, {}).render()</script>`;
    expect((await renderCode(code)).log).toMatch(
      /^The image is one single color\.[\s\S]*ApexCharts is not defined[\s\S]*Not available here is the library "apexcharts" 3\.45\.0: use Chart\.js/,
    );
  });

  it('does without what is not there, and names it', async () => {
    const { log } = await renderCode(
      `<h1>x</h1>${script('https://cdn.jsdelivr.net/npm/three@0.160.0/build/three.min.js')}${sheet('https://unpkg.com/jquery@3/../../package.json')}`,
    );
    expect(log).toMatch(
      /refused: https:\/\/cdn\.jsdelivr\.net\/npm\/three@0\.160\.0\S+ \(script\) https:\/\/unpkg\.com\/package\.json \(style sheet\)$/m,
    );
    expect(log).toContain('Not available here is the library "three" 0.160.0');
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

/** The renders wait for what is refused, if they do, for five seconds and more. */
const impatient = createRenderService({ concurrency: 1, cacheBytes: 0, deadlineMs: 4000 });
afterAll(() => impatient.close());

describe('what a page requests in vain', () => {
  const far = 'https://nowhere.invalid';

  it.each([
    ['symbols of another file', '<svg width="90" height="90"><use href="icons.svg#a"/></svg>', 'icons.svg'],
    [
      'patterns and masks of another file',
      '<svg><rect width="9" height="9" fill="url(p.svg#a)" mask="url(m.svg#b)"/></svg>',
      'm.svg',
    ],
    [
      'fonts',
      `<style>@font-face { font-family: F; src: url(${far}/f.woff2) } p { font-family: F }</style>`,
      '/f.woff2 (font)',
    ],
    [
      'images',
      `<img src="${far}/a.png" srcset="b.png 2x"><div style="background:url(c.png)">x</div>`,
      '/a.png (image)',
    ],
    [
      'videos and sounds',
      `<video src="${far}/a.mp4" poster="p.jpg" autoplay muted></video><audio src="b.mp3" autoplay></audio>`,
      '/a.mp4 (video or sound)',
    ],
    ['frames', `<iframe src="${far}/"></iframe><object data="a.svg"></object><embed src="b.svg">`, `${far}/ (page)`],
    [
      'style sheets',
      `<link rel="stylesheet" href="a.css"><style>@import url(${far}/b.css)</style>`,
      '/b.css (style sheet)',
    ],
    ['scripts', `<script src="${far}/a.js"></script><script src="b.js" defer></script>`, '/b.js (script)'],
    [
      'modules',
      `<script type="importmap">{ "imports": { "x": "${far}/x.js" } }</script><script type="module">import 'x'</script>`,
      '/x.js (script)',
    ],
    [
      'workers',
      `<script>new Worker('w.js'); new Worker(URL.createObjectURL(new Blob(["importScripts('${far}/v.js')"])))</script>`,
      '/v.js',
    ],
    [
      'what is fetched ahead',
      `<link rel="preload" as="script" href="a.js"><link rel="prefetch" href="${far}/b"><link rel="preload" as="font" crossorigin href="c.woff2">`,
      '/b',
    ],
    [
      'events and other data',
      `<script>new EventSource('/e'); fetch('${far}/d').catch(() => {}); new WebSocket('wss://nowhere.invalid')</script>`,
      '/d',
    ],
    ['another page', `<script>setTimeout(() => (location = '${far}/next'), 100)</script>`, '/next (page)'],
  ])('holds nothing up, and is named: %s', async (_, code, url) => {
    for (let round = 0; round < 5; round++) {
      const request = { language: 'html', code: `<!doctype html><p>text${code}`, size, trusted: false } as const;
      const result = await impatient.render(request, noAbort);
      expect(result).toMatchObject({ status: 'ok', log: expect.stringContaining(url) });
    }
  });
});

describe('a page', () => {
  it('shows sections that are only rendered once they are seen', async () => {
    const section =
      '<section style="content-visibility:auto;contain-intrinsic-size:auto 300px"><div style="height:500px;background:teal">x</div></section>';
    const output = await renderCode(`<body style="margin:0">${section.repeat(8)}`);
    expect(output.height).toBe(4000);
    for (const y of [100, 1900, 3900]) expect(await pixel(output, 390, y)).toEqual([0, 128, 128]);
  });

  it('is not pointed at', async () => {
    const code =
      '<style>body { margin: 0 } div { height: 240px; background: teal } div:hover { background: red }</style><div>x</div>';
    expect(await pixel(await renderCode(code), 5, 5)).toEqual([0, 128, 128]);
  });

  it('keeps hidden what is hidden', async () => {
    expect((await renderCode('<p>seen</p><p style="content-visibility:hidden">not</p>')).text?.trim()).toBe('seen');
  });

  it('shows animations of SVG at their end', async () => {
    const code =
      '<body style="margin:0"><svg width="400" height="200"><rect width="0" height="200" fill="teal"><animate attributeName="width" to="400" dur="5s" fill="freeze"/></rect></svg>';
    expect(await pixel(await renderCode(code), 390, 100)).toEqual([0, 128, 128]);
  });

  it('has letters that no font has in its log, and emoji in color', async () => {
    const { log, image } = await renderCode('<p style="font-size:120px;margin:0">🍋\u{13000}</p>');
    expect(log).toBe('No font here has a glyph for \u{13000} (U+13000): boxes are drawn.');
    const data = await sharp(image).raw().toBuffer();
    const yellow = data.reduce((count, red, at) => count + Number(at % 3 === 0 && red > 200 && data[at + 2]! < 100), 0);
    expect(yellow).toBeGreaterThan(1000);
  });

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
