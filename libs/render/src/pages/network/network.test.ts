import type { InterceptedResponse } from '@pentimento/sandbox';
import { describe, expect, it } from 'vitest';
import { network, networkVersion, withoutIntegrity } from './network.ts';

const respond = (url: string): InterceptedResponse | undefined => {
  const response = network(url);
  return response && 'body' in response ? response : undefined;
};
const read = (url: string): string => Buffer.from(respond(url)?.body ?? '').toString('utf8');

describe('the libraries that pages can load', () => {
  it.each([
    ['Tailwind 4', 'https://cdn.jsdelivr.net/npm/@tailwindcss/browser@4', /tailwind/i],
    ['Tailwind 3', 'https://cdn.tailwindcss.com/3.4.1', /tailwind/i],
    ['Tailwind 3 with plugins', 'https://cdn.tailwindcss.com?plugins=forms,typography', /typography/],
    ['Tailwind 2', 'https://unpkg.com/tailwindcss@^2/dist/tailwind.min.css', /tailwindcss v2\.2/],
    ['Tailwind 2 of cdnjs', 'https://cdnjs.cloudflare.com/ajax/libs/tailwindcss/2.2.19/tailwind.min.css', /v2\.2/],
    ['Bootstrap 5', 'https://cdn.jsdelivr.net/npm/bootstrap@5.0.2/dist/css/bootstrap.min.css', /Bootstrap\s+v5/],
    ['Bootstrap 4', 'https://stackpath.bootstrapcdn.com/bootstrap/4.5.2/css/bootstrap.min.css', /Bootstrap v4/],
    ['Bootstrap 3', 'https://maxcdn.bootstrapcdn.com/bootstrap/3.3.7/js/bootstrap.min.js', /Bootstrap v3/],
    [
      'Bootstrap of cdnjs',
      'https://cdnjs.cloudflare.com/ajax/libs/twitter-bootstrap/4.6.0/js/bootstrap.min.js',
      /Bootstrap v4/,
    ],
    ['Font Awesome 6', 'https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.4.0/css/all.min.css', /Free 6/],
    ['Font Awesome 5', 'https://use.fontawesome.com/releases/v5.15.4/css/all.css', /Free 5/],
    ['Font Awesome 4', 'https://maxcdn.bootstrapcdn.com/font-awesome/4.7.0/css/font-awesome.min.css', /Awesome 4/],
    ['jQuery', 'https://code.jquery.com/jquery-3.6.0.slim.min.js', /jQuery v3.*-ajax/],
    ['jQuery of Google', 'https://ajax.googleapis.com/ajax/libs/jquery/3.5.1/jquery.min.js', /jQuery v3/],
    ['Chart.js', 'https://cdn.jsdelivr.net/npm/chart.js', /Chart\.js v4/],
    ['Chart.js of cdnjs', 'https://cdnjs.cloudflare.com/ajax/libs/Chart.js/3.9.1/chart.min.js', /Chart\.js v4/],
    ['Chart.js 2', 'https://cdnjs.cloudflare.com/ajax/libs/Chart.js/2.9.4/Chart.min.js', /Chart\.js v2/],
    ['D3', 'https://d3js.org/d3.v7.min.js', /d3js\.org v7/],
    ['Vue', 'https://unpkg.com/vue@3/dist/vue.global.prod.js', /vue v3/],
    ['React', 'https://unpkg.com/react@18/umd/react.production.min.js', /React/],
    ['Alpine', 'https://cdn.jsdelivr.net/npm/alpinejs@3.x.x/dist/cdn.min.js', /Alpine/],
    ['Plotly', 'https://cdn.plot.ly/plotly-2.27.0.min.js', /plotly\.js v2/],
    ['Vue 2', 'https://cdn.jsdelivr.net/npm/vue@2', /Vue\.js v2/],
    ['Vue 2 of a page that names no version', 'https://cdn.jsdelivr.net/npm/vue/dist/vue.min.js', /Vue\.js v2/],
    ['Babel', 'https://unpkg.com/@babel/standalone/babel.min.js', /Babel/],
    ['Babel of cdnjs', 'https://cdnjs.cloudflare.com/ajax/libs/babel-standalone/6.26.0/babel.min.js', /Babel/],
    ['ECharts', 'https://cdn.jsdelivr.net/npm/echarts@5/dist/echarts.min.js', /Apache Software Foundation/],
    ['MathJax', 'https://cdnjs.cloudflare.com/ajax/libs/mathjax/3.2.2/es5/tex-svg.js', /MathJax/],
    ['Lucide', 'https://unpkg.com/lucide@latest', /lucide/],
    ['Swiper', 'https://cdn.jsdelivr.net/npm/swiper@11/swiper-bundle.min.css', /swiper/],
    ['DaisyUI', 'https://cdn.jsdelivr.net/npm/daisyui@4.4.19/dist/full.min.css', /data-theme/],
    ['AOS', 'https://unpkg.com/aos@2.3.1/dist/aos.js', /AOS/],
    ['animate.css', 'https://cdnjs.cloudflare.com/ajax/libs/animate.css/4.1.1/animate.min.css', /animate\.css/],
  ])('include %s', (_, url, mark) => {
    expect(mark.test(read(url))).toBe(true);
  });

  it('include their fonts', () => {
    const url = 'https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.4.0/webfonts/fa-solid-900.woff2?v=1';
    expect(network(url)).toMatchObject({ mediaType: 'font/woff2' });
  });
});

describe('a request', () => {
  it.each([
    ['unknown hosts', 'https://example.com/bootstrap@5/dist/css/bootstrap.min.css'],
    ['unknown libraries', 'https://unpkg.com/left-pad@1/index.js'],
    ['majors that are not here', 'https://unpkg.com/vue@1/dist/vue.js'],
    ['files that are not there', 'https://unpkg.com/jquery@3/dist/nothing.js'],
    ['ways out of a package', 'https://unpkg.com/jquery@3/..%2f..%2fpackage.json'],
    ['more of them', 'https://unpkg.com/jquery@3/dist/%2e%2e%2f%2e%2e%2fbootstrap-5/package.json'],
    ['ways out by the version', 'https://unpkg.com/jquery@3%2f../dist/jquery.js'],
    ['absolute paths', 'https://unpkg.com/jquery@3//etc/passwd'],
    ['NUL bytes', 'https://unpkg.com/jquery@3/dist/jquery.js%00.css'],
    ['other types of file', 'https://unpkg.com/jquery@3/LICENSE.txt'],
    ['names that objects inherit', 'https://unpkg.com/constructor@1/x.js'],
    ['files that objects inherit', 'https://unpkg.com/chart.js@4/constructor'],
    ['hosts that objects inherit', 'https://constructor/x.js'],
    ['majors that objects inherit', 'https://unpkg.com/jquery@constructor/dist/nothing.js'],
    ['other protocols', 'file:///etc/passwd'],
    ['no URLs', 'http://'],
    ['endless URLs', `https://unpkg.com/jquery@3/${'a'.repeat(5000)}.js`],
    ['images of other sites', 'https://example.com/photo-1.jpg'],
    ['what is no portrait', 'https://randomuser.me/api/?results=5'],
    ['fonts that are not here', 'https://fonts.googleapis.com/css2?family=Nope'],
    ['font files by other names', 'https://fonts.gstatic.com/s/inter/v13/x.woff2'],
    ['ways out of the fonts', 'https://fonts.gstatic.com/vendored/inter/..%2fpackage.json'],
  ])('is refused for %s', (_, url) => {
    expect(respond(url)).toBeUndefined();
  });
});

describe('web fonts', () => {
  it('have the requested weights and styles', () => {
    const css = read('https://fonts.googleapis.com/css2?family=Inter:ital,wght@0,400;1,700&display=swap');
    expect(css).toContain("font-family:'Inter';font-style:normal;font-weight:400;");
    expect(css).toContain('font-style:italic;font-weight:700;');
    expect(css).not.toContain('font-style:italic;font-weight:400');
  });

  it.each([
    ['a range', 'https://fonts.googleapis.com/css2?family=Roboto:wght@100..900', 'font-weight:100 900;'],
    ['a range of single files', 'https://fonts.googleapis.com/css2?family=Lato:wght@300..700', 'font-weight:300;'],
    [
      'the first interface',
      'https://fonts.googleapis.com/css?family=Open+Sans:400,700italic|Lato',
      'font-style:italic;font-weight:700;',
    ],
    ['no axes', 'https://fonts.googleapis.com/css2?family=Poppins', 'font-weight:400;'],
    ['another name', 'https://fonts.googleapis.com/css?family=Source+Sans+Pro', "font-family:'Source Sans Pro'"],
    ['icons', 'https://fonts.googleapis.com/icon?family=Material+Icons', '.material-icons{'],
  ])('are available for %s', (_, url, part) => {
    expect(read(url)).toContain(part);
  });

  it('refer to files that exist', () => {
    const css = read(
      'https://fonts.googleapis.com/css2?family=Source+Sans+Pro:wght@400&family=Lato&family=Material+Icons',
    );
    const urls = [...css.matchAll(/src:url\(([^)]*)\)/g)].map(([, url]) => url!);
    expect(urls.length).toBeGreaterThan(3);
    for (const url of urls) expect(network(url)).toMatchObject({ mediaType: 'font/woff2' });
  });

  it('report the families that are not installed', () => {
    expect(network('https://fonts.googleapis.com/css2?family=Inter&family=Nope')).toMatchObject({
      missing: 'the font "Nope"',
    });
  });
});

describe('placeholders', () => {
  it.each([
    ['https://placehold.co/600x400', 600, 400],
    ['https://placehold.co/600x400/EEE/31343C.png?text=Hi', 600, 400],
    ['https://placehold.co/300/png', 300, 300],
    ['https://via.placeholder.com/150', 150, 150],
    ['https://dummyimage.com/64x32/000/fff', 64, 32],
    ['https://picsum.photos/seed/a/200/300', 200, 300],
    ['https://picsum.photos/seed/400/200/300', 200, 300],
    ['https://picsum.photos/id/237/120.jpg', 120, 120],
    ['https://picsum.photos/200?random=1', 200, 200],
    ['https://source.unsplash.com/random/300x200/?cat', 300, 200],
    ['https://images.unsplash.com/photo-1?auto=format&w=300&h=200', 300, 200],
    ['https://images.unsplash.com/photo-1?w=300', 300, 200],
    ['https://images.unsplash.com/photo-1', 1200, 800],
    ['https://i.pravatar.cc/90?img=3', 90, 90],
    ['https://randomuser.me/api/portraits/thumb/men/32.jpg', 48, 48],
    ['https://www.gravatar.com/avatar/00?s=64', 64, 64],
    ['https://ui-avatars.com/api/?name=Ada+Lovelace&size=96', 96, 96],
  ])('have the size in %s', (url, width, height) => {
    expect(respond(url)).toMatchObject({ mediaType: 'image/svg+xml', isPlaceholder: true });
    expect(read(url)).toContain(`width="${width}" height="${height}"`);
  });

  it.each([
    ['colors', 'https://placehold.co/60x40/ff6600/white', 'fill="#ff6600"'],
    ['colors of the text', 'https://via.placeholder.com/60/0000FF/808080', 'fill="#808080"'],
    ['the text', 'https://placehold.co/600x400?text=Hello+World', '>Hello World<'],
    ['lines of text', 'https://placehold.co/600x400?text=Hello\\nWorld', '>World<'],
    ['the text of a path', 'https://dummyimage.com/600x400/000/fff&text=a+b', '>a b<'],
    ['the size as text', 'https://placehold.co/600x400', '>600 × 400<'],
    ['no markup', 'https://placehold.co/600x400?text=%3Cscript%3E', '>&lt;script><'],
    ['no properties of the network', 'https://placehold.co/60x40/url(%23x)/fff', 'fill="#ddd"'],
    ['initials', 'https://ui-avatars.com/api/?name=Ada+Lovelace&background=0D8ABC&rounded=true', '>AL<'],
  ])('have %s', (_, url, part) => {
    expect(read(url)).toContain(part);
  });
});

describe('advice', () => {
  it.each([
    [
      'a library',
      'https://unpkg.com/three@0.160.0/build/three.min.js',
      /the library "three" 0\.160\.0: use plain HTML/,
    ],
    ['a library of charts', 'https://cdn.jsdelivr.net/npm/apexcharts', /the library "apexcharts": use Chart\.js/],
    ['another version', 'https://unpkg.com/vue@1/dist/vue.js', /the library "vue" 1: use React 18, Vue 3/],
    ['a file', 'https://unpkg.com/jquery@3/dist/nothing.js', /the file dist\/nothing\.js of the library "jquery" 3/],
  ])('is given for %s that is not here', (_, url, sentence) => {
    expect(network(url)).toEqual({ advice: expect.stringMatching(sentence) });
  });

  it('is not given for what is no library', () => {
    expect(network('https://example.com/three.js')).toBeUndefined();
  });
});

it('removes checksums from tags only', () => {
  expect(withoutIntegrity('<link href="a" integrity="sha384-x" crossorigin>')).toBe('<link href="a" crossorigin>');
  expect(withoutIntegrity("<SCRIPT\nintegrity='sha256-x' src=a></SCRIPT>")).toBe('<SCRIPT src=a></SCRIPT>');
  const shown = '<pre>&lt;link integrity="sha384-x"&gt;</pre>';
  expect(withoutIntegrity(shown)).toBe(shown);
  const startedAt = performance.now();
  withoutIntegrity('<link '.repeat(500_000) + '<script' + ' integrity'.repeat(300_000));
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

it('has a version of the form "libraries-" and a digest', () => {
  expect(networkVersion()).toMatch(/^libraries-[\da-f]{8}$/);
});
