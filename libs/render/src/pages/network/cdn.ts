import type { InterceptedResponse } from '@pentimento/sandbox';
import { packageFile } from '../package-files.ts';

/**
 * A library as pages request it, and the npm packages that replace it here. A major version that is not listed is refused; one that
 * renders the same as another may be listed with the other's package.
 */
interface Library {
  /** Its names on the CDNs, in lower case. */
  names: string[];
  /** Package by requested major version. */
  majors: Record<string, string>;
  /** The major version of a request without one. */
  latest: string;
  /** The file of a request without one. */
  main: string;
  /** Folders of the package that a CDN may leave out of the path, '' for none. */
  roots: string[];
  /** Files that have another name in the package, looked up after the folders. */
  renamed?: Record<string, string>;
}

const libraries: Library[] = [
  {
    names: ['tailwindcss'],
    majors: { 2: 'tailwindcss-2', 3: 'tailwindcss-cdn' },
    latest: '2',
    main: 'dist/tailwind.min.css',
    roots: ['', 'dist/'],
  },
  {
    names: ['@tailwindcss/browser'],
    majors: { 4: '@tailwindcss/browser' },
    latest: '4',
    main: 'dist/index.global.js',
    roots: [''],
  },
  {
    names: ['bootstrap', 'twitter-bootstrap'],
    majors: { 3: 'bootstrap-3', 4: 'bootstrap-4', 5: 'bootstrap-5' },
    latest: '5',
    main: 'dist/js/bootstrap.bundle.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['bootstrap-icons'],
    majors: { 1: 'bootstrap-icons' },
    latest: '1',
    main: 'font/bootstrap-icons.min.css',
    roots: ['', 'font/'],
  },
  {
    names: ['font-awesome', 'fontawesome', '@fortawesome/fontawesome-free', 'fontawesome-free'],
    majors: { 4: 'font-awesome', 5: 'fontawesome-5', 6: 'fontawesome-6', 7: 'fontawesome-6' },
    latest: '6',
    main: 'css/all.min.css',
    roots: [''],
  },
  {
    names: ['jquery'],
    majors: { 1: 'jquery', 2: 'jquery', 3: 'jquery', 4: 'jquery' },
    latest: '3',
    main: 'dist/jquery.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['chart.js'],
    majors: { 2: 'chart.js-2', 3: 'chart.js', 4: 'chart.js' },
    latest: '4',
    main: 'dist/chart.umd.min.js',
    roots: ['', 'dist/'],
    renamed: {
      'dist/chart.min.js': 'dist/chart.umd.min.js',
      'dist/Chart.min.js': 'dist/chart.umd.min.js',
      'dist/Chart.js': 'dist/chart.umd.js',
    },
  },
  {
    names: ['d3'],
    majors: { 4: 'd3', 5: 'd3', 6: 'd3', 7: 'd3' },
    latest: '7',
    main: 'dist/d3.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['plotly.js', 'plotly.js-dist', 'plotly.js-dist-min'],
    majors: { 1: 'plotly.js-dist-min', 2: 'plotly.js-dist-min', 3: 'plotly.js-dist-min' },
    latest: '2',
    main: 'plotly.min.js',
    roots: [''],
    renamed: { 'dist/plotly.min.js': 'plotly.min.js', 'plotly.js': 'plotly.min.js' },
  },
  {
    names: ['mermaid'],
    majors: { 9: 'mermaid', 10: 'mermaid', 11: 'mermaid' },
    latest: '11',
    main: 'dist/mermaid.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['vue'],
    majors: { 2: 'vue-2', 3: 'vue' },
    latest: '3',
    main: 'dist/vue.global.js',
    roots: ['', 'dist/'],
    renamed: { 'dist/vue.global.js': 'dist/vue.js' },
  },
  {
    names: ['react'],
    majors: { 16: 'react-18', 17: 'react-18', 18: 'react-18' },
    latest: '18',
    main: 'umd/react.production.min.js',
    roots: ['', 'umd/'],
  },
  {
    names: ['react-dom'],
    majors: { 16: 'react-dom-18', 17: 'react-dom-18', 18: 'react-dom-18' },
    latest: '18',
    main: 'umd/react-dom.production.min.js',
    roots: ['', 'umd/'],
  },
  {
    names: ['@babel/standalone', 'babel-standalone'],
    majors: { 6: '@babel/standalone', 7: '@babel/standalone' },
    latest: '7',
    main: 'babel.min.js',
    roots: [''],
  },
  {
    names: ['echarts'],
    majors: { 4: 'echarts', 5: 'echarts' },
    latest: '5',
    main: 'dist/echarts.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['mathjax'],
    majors: { 3: 'mathjax' },
    latest: '3',
    main: 'es5/tex-mml-chtml.js',
    roots: ['', 'es5/'],
  },
  {
    names: ['lucide'],
    majors: { 0: 'lucide', 1: 'lucide' },
    latest: '0',
    main: 'dist/umd/lucide.min.js',
    roots: ['', 'dist/umd/'],
  },
  {
    names: ['swiper'],
    majors: { 7: 'swiper', 8: 'swiper', 9: 'swiper', 10: 'swiper', 11: 'swiper' },
    latest: '11',
    main: 'swiper-bundle.min.js',
    roots: [''],
  },
  {
    names: ['daisyui'],
    majors: { 3: 'daisyui', 4: 'daisyui' },
    latest: '4',
    main: 'dist/full.css',
    roots: ['', 'dist/'],
  },
  {
    names: ['aos'],
    majors: { 2: 'aos', 3: 'aos' },
    latest: '2',
    main: 'dist/aos.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['alpinejs'],
    majors: { 3: 'alpinejs' },
    latest: '3',
    main: 'dist/cdn.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['popper.js'],
    majors: { 1: 'popper.js' },
    latest: '1',
    main: 'dist/umd/popper.min.js',
    roots: ['', 'dist/'],
  },
  {
    names: ['@popperjs/core', 'popperjs'],
    majors: { 2: '@popperjs/core' },
    latest: '2',
    main: 'dist/umd/popper.min.js',
    roots: ['', 'dist/', 'dist/umd/'],
  },
  {
    names: ['animate.css'],
    majors: { 3: 'animate.css', 4: 'animate.css' },
    latest: '4',
    main: 'animate.min.css',
    roots: [''],
  },
  {
    names: ['normalize.css', 'normalize'],
    majors: { 5: 'normalize.css', 6: 'normalize.css', 7: 'normalize.css', 8: 'normalize.css' },
    latest: '8',
    main: 'normalize.css',
    roots: [''],
    renamed: { 'normalize.min.css': 'normalize.css' },
  },
  {
    names: ['bulma'],
    majors: { 0: 'bulma' },
    latest: '0',
    main: 'css/bulma.min.css',
    roots: [''],
  },
  {
    names: ['materialize-css', 'materialize'],
    majors: { 0: 'materialize-css', 1: 'materialize-css' },
    latest: '1',
    main: 'dist/css/materialize.min.css',
    roots: ['', 'dist/'],
  },
  {
    names: ['katex'],
    majors: { 0: 'katex' },
    latest: '0',
    main: 'dist/katex.min.js',
    roots: ['', 'dist/'],
  },
];

/** The installed packages in the table. */
export const libraryPackages = [...new Set(libraries.flatMap(({ majors }) => Object.values(majors)))];

/** What a page requests from a CDN. */
interface RequestedFile {
  name: string;
  /** As requested: '5.3.0', '^2', 'latest', ''. */
  version: string;
  path: string;
}

const npmPath = /^\/(?:npm\/)?((?:@[\w.-]+\/)?[\w.-]+)(?:@([\w.^~-]*))?(?:\/(.*))?$/;
const cdnjsPath = /^\/ajax\/libs\/([\w.-]+)\/([\w.-]+)\/(.+)$/;

/** How to read the paths of each host. */
const hosts = new Map<string, (path: string) => RequestedFile | undefined>(
  Object.entries({
    'cdn.jsdelivr.net': (path: string) => (path.startsWith('/npm/') ? matchPath(path, npmPath) : undefined),
    'unpkg.com': (path: string) => matchPath(path, npmPath),
    'cdnjs.cloudflare.com': (path: string) => matchPath(path, cdnjsPath),
    'ajax.googleapis.com': (path: string) => matchPath(path, cdnjsPath),
    'stackpath.bootstrapcdn.com': (path: string) => matchPath(path, /^\/([\w-]+)\/([\w.-]+)\/(.+)$/),
    'maxcdn.bootstrapcdn.com': (path: string) => matchPath(path, /^\/([\w-]+)\/([\w.-]+)\/(.+)$/),
    'netdna.bootstrapcdn.com': (path: string) => matchPath(path, /^\/([\w-]+)\/([\w.-]+)\/(.+)$/),
    'use.fontawesome.com': (path: string) =>
      withName('fontawesome', matchPath(path, /^\/(releases)\/v?([\w.-]+)\/(.+)$/)),
    'code.jquery.com': (path: string) =>
      matchVersion('jquery', path, /^\/jquery(?:-([\d.]+))?((?:\.slim)?(?:\.min)?\.js)$/),
    'd3js.org': (path: string) => matchVersion('d3', path, /^\/d3\.v(\d+)((?:\.min)?\.js)$/),
    'cdn.plot.ly': (path: string) => matchVersion('plotly', path, /^\/plotly-(?:latest|v?([\d.]+))((?:\.min)?\.js)$/),
  }),
);

function matchPath(path: string, pattern: RegExp): RequestedFile | undefined {
  const [whole, name = '', version = '', file = ''] = pattern.exec(path) ?? [];
  return whole === undefined ? undefined : { name, version, path: file };
}

const withName = (name: string, requested: RequestedFile | undefined): RequestedFile | undefined =>
  requested && { ...requested, name };

/** For hosts of one library whose file names contain the version. */
function matchVersion(name: string, path: string, pattern: RegExp): RequestedFile | undefined {
  const [whole, version = '', rest = ''] = pattern.exec(path) ?? [];
  if (whole === undefined) return undefined;
  return { name: name === 'plotly' ? 'plotly.js' : name, version, path: name + rest };
}

/** A library's file from the installed package that replaces it; undefined for everything that is not in the table. */
export function libraryFile(url: URL): InterceptedResponse | undefined {
  if (url.host === 'cdn.tailwindcss.com') return tailwind(url.search);
  const requested = requestedFile(url);
  const library = requested && libraryOf(requested);
  if (!library) return undefined;
  for (const installed of packagesFor(library, requested.version)) {
    const response = fileOf(library, installed, requested.path);
    if (response) return response;
  }
  return undefined;
}

const requestedFile = ({ host, pathname }: URL): RequestedFile | undefined => hosts.get(host)?.(decoded(pathname));

const libraryOf = ({ name }: RequestedFile): Library | undefined =>
  libraries.find(({ names }) => names.includes(name.toLowerCase()));

/** The package of the requested major version; all, the latest first, for a request without one. */
function packagesFor({ majors, latest }: Library, version: string): string[] {
  const major = /^[v^~]?(\d+)/.exec(version)?.[1];
  const wanted = major === undefined ? [latest, ...Object.keys(majors)] : [major];
  return wanted.flatMap((key) => (Object.hasOwn(majors, key) ? [majors[key]!] : []));
}

/** What does the same as a library that is not here, by the words in its name. */
const replacements: [names: RegExp, instead: string][] = [
  [/chart|graph|plot|vega|vis|cytoscape|nivo|victory/, 'Chart.js, ECharts, D3 or Plotly'],
  [/icon|feather|ionic|phosphor/, 'Font Awesome 6, Bootstrap Icons or Lucide 0'],
  [/react|preact|vue|svelte|angular|solid|lit|ember|knockout/, 'React 18, Vue 3, Vue 2 or Alpine.js'],
  [/css|ui|foundation|semantic|tailwind|flowbite|material|bootstrap/, 'Tailwind 3 or 4, Bootstrap 5 or Bulma'],
  [/slick|carousel|splide|slider|swiper|glide/, 'Swiper 11'],
  [/katex|mathjax/, 'MathJax 3 or KaTeX'],
];

/** A sentence on a library that a page requests from a CDN and that is not here; undefined for any other URL. */
export function missingLibrary(url: URL): string | undefined {
  const requested = requestedFile(url);
  if (!requested) return undefined;
  const { name, version, path } = requested;
  const [, instead] = replacements.find(([names]) => names.test(name.toLowerCase())) ?? [];
  const part =
    libraryOf(requested) && packagesFor(libraryOf(requested)!, version).length > 0 ? `the file ${path} of ` : '';
  const use = instead === undefined ? 'use plain HTML, CSS and JavaScript' : `use ${instead}, or plain HTML`;
  return `Not available here is ${part}the library "${name.slice(0, 60)}"${version && ` ${version.slice(0, 20)}`}: ${use}.`;
}

function fileOf(
  { roots, main, renamed = {} }: Library,
  installed: string,
  path: string,
): InterceptedResponse | undefined {
  const paths = path === '' ? [main] : roots.map((root) => root + path);
  const others = paths.filter((candidate) => Object.hasOwn(renamed, candidate)).map((candidate) => renamed[candidate]!);
  const unminified = paths.map((candidate) => candidate.replace(/\.min\.(css|js)$/, '.$1'));
  for (const candidate of [...paths, ...others, ...unminified]) {
    const response = packageFile(installed, candidate);
    if (response) return response;
  }
  return undefined;
}

/** The script that generates Tailwind 3's classes in the page, with all its plugins if any is requested. */
const tailwind = (search: string): InterceptedResponse | undefined =>
  packageFile('tailwindcss-cdn', search.includes('plugins=') ? 'tailwindcss-with-all-plugins.js' : 'tailwindcss.js');

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
