import { readFileSync } from 'node:fs';
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

const libraries = JSON.parse(readFileSync(new URL('libraries.json', import.meta.url), 'utf8')) as Library[];

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
