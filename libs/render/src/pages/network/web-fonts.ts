import type { InterceptedResponse } from '@pentimento/sandbox';
import { packageFile } from '../package-files.ts';

/** Packages by family name in lower case: those with an axis for the weight, and those with a file per weight. */
const variable = new Map(
  [
    'DM Sans, Dancing Script, Figtree, Fira Code, Inter, JetBrains Mono, Lora, Manrope, Merriweather, Montserrat, Mulish',
    'Noto Sans, Nunito, Nunito Sans, Open Sans, Oswald, Outfit, Playfair Display, Plus Jakarta Sans, Quicksand, Raleway',
    'Roboto, Roboto Condensed, Roboto Mono, Roboto Slab, Rubik, Source Code Pro, Source Sans 3, Space Grotesk, Work Sans',
  ].flatMap((line) =>
    line
      .toLowerCase()
      .split(', ')
      .map((name) => [name, slug(name)]),
  ),
).set('source sans pro', 'source-sans-3');
const fixed = new Map(
  'bebas neue, lato, pacifico, poppins, pt sans, ubuntu'.split(', ').map((name) => [name, slug(name)]),
);
const icons = new Map(
  'material icons, material icons outlined, material icons round, material symbols outlined'
    .split(', ')
    .map((name) => [name, slug(name)]),
);

function slug(name: string): string {
  return name.replaceAll(' ', '-');
}

/** The installed packages of the families. */
export const fontPackages = [
  ...[...variable.values()].map((name) => `@fontsource-variable/${name}`),
  ...[...fixed.values(), ...icons.values()].map((name) => `@fontsource/${name}`),
];

interface Face {
  style: 'normal' | 'italic';
  /** CSS `font-weight`: a number or a range. */
  weight: string;
}

interface Family {
  name: string;
  faces: Face[];
}

const fontHost = 'https://fonts.gstatic.com/vendored';

/** The style sheet or font file that a page requests from Google Fonts; undefined for families that are not installed. */
export function webFont(url: URL): InterceptedResponse | undefined {
  if (url.host === 'fonts.gstatic.com') return fontFile(url.pathname);
  if (url.host !== 'fonts.googleapis.com') return undefined;
  const families = readFamilies(url.pathname, url.searchParams.getAll('family'));
  const known = families.filter(({ name }) => packageOf(name) !== undefined);
  if (known.length === 0) return undefined;
  const unknown = families.filter((family) => !known.includes(family)).map(({ name }) => `the font "${name}"`);
  return {
    mediaType: 'text/css; charset=utf-8',
    body: Buffer.from(known.map(styleOf).join('\n'), 'utf8'),
    ...(unknown.length > 0 && { missing: unknown.join(', ') }),
  };
}

function packageOf(name: string): string | undefined {
  const key = name.toLowerCase();
  const axis = variable.get(key);
  if (axis !== undefined) return `@fontsource-variable/${axis}`;
  const single = fixed.get(key) ?? icons.get(key);
  return single === undefined ? undefined : `@fontsource/${single}`;
}

function fontFile(pathname: string): InterceptedResponse | undefined {
  const [, slugName, file] = /^\/vendored\/([a-z0-9-]{1,40})\/([a-z0-9-]{1,100}\.woff2)$/.exec(pathname) ?? [];
  if (slugName === undefined) return undefined;
  const name = packageOf(slugName.replaceAll('-', ' '));
  return name === undefined ? undefined : packageFile(name, `files/${file}`);
}

const maxFamilies = 20;
const maxFaces = 40;

function readFamilies(pathname: string, values: string[]): Family[] {
  if (pathname === '/css2') return values.slice(0, maxFamilies).map(readFamily2);
  if (pathname !== '/css' && pathname !== '/icon') return [];
  return values
    .flatMap((value) => value.split('|'))
    .slice(0, maxFamilies)
    .map(readFamily1);
}

/** "Open Sans:400,700italic" (CSS API 1). */
function readFamily1(value: string): Family {
  const [name = '', list = '400'] = value.split(':');
  const faces = list.split(',').map((item): Face => {
    const weight = /\d{3}/.exec(item)?.[0] ?? (item.startsWith('b') ? '700' : '400');
    return { style: /\d*i(?:talic)?$/.test(item) ? 'italic' : 'normal', weight };
  });
  return { name: name.trim(), faces: faces.slice(0, maxFaces) };
}

/** "Inter:ital,wght@0,400;1,700" or "Inter:wght@100..900" (CSS API 2). */
function readFamily2(value: string): Family {
  const [name = '', axes = ''] = value.split(':');
  const [tags = '', tuples = ''] = axes.split('@');
  const order = tags.split(',');
  const faces = tuples.split(';').map((tuple): Face => {
    const values = tuple.split(',');
    const at = (tag: string): string | undefined => values[order.indexOf(tag)];
    const weight = /^(\d{1,4})(?:\.\.(\d{1,4}))?$/.exec(at('wght') ?? '') ?? [];
    return {
      style: at('ital') === '1' ? 'italic' : 'normal',
      weight: weight[2] ? `${weight[1]} ${weight[2]}` : (weight[1] ?? '400'),
    };
  });
  return { name: name.trim(), faces: faces.slice(0, maxFaces) };
}

function styleOf(family: Family): string {
  const isFixed = !variable.has(family.name.toLowerCase());
  const faces = family.faces
    .flatMap((face) => (isFixed ? singleWeights(face) : [face]))
    .flatMap((face) => facesOf(family.name, face));
  return [...faces, ...(icons.has(family.name.toLowerCase()) ? [iconClass(family.name)] : [])].join('\n');
}

/** For families that have a file per weight. */
function singleWeights({ style, weight }: Face): Face[] {
  const [from, to = from] = weight.split(' ').map(Number);
  return [100, 200, 300, 400, 500, 600, 700, 800, 900]
    .filter((candidate) => candidate >= from! && candidate <= to!)
    .map((single) => ({ style, weight: String(single) }));
}

/** A rule for each part of Unicode for which the package has a file, as in Google's style sheets. */
function facesOf(name: string, { style, weight }: Face): string[] {
  const installed = packageOf(name)!;
  const folder = installed.slice(installed.indexOf('/') + 1);
  const axis = installed.startsWith('@fontsource-variable/') ? 'wght' : weight;
  return Object.entries(unicodeRanges(installed)).flatMap(([subset, range]) => {
    const file = `${folder}-${subset}-${axis}-${style}.woff2`;
    if (!packageFile(installed, `files/${file}`)) return [];
    const ranged = range === '' ? '' : `unicode-range:${range};`;
    return `@font-face{font-family:'${name}';font-style:${style};font-weight:${weight};${ranged}src:url(${fontHost}/${slug(name.toLowerCase())}/${file}) format('woff2')}`;
  });
}

/** Unicode ranges by subset. Icon fonts have a single file. */
function unicodeRanges(installed: string): Record<string, string> {
  const file = packageFile(installed, 'unicode.json');
  const ranges = file ? (JSON.parse(Buffer.from(file.body).toString('utf8')) as Record<string, string>) : {};
  return Object.keys(ranges).length > 0 ? ranges : { latin: '' };
}

/** The class for icons in Google's style sheet. */
const iconClass = (name: string): string =>
  `.${slug(name.toLowerCase())}{font-family:'${name}';font-weight:normal;font-style:normal;font-size:24px;line-height:1;letter-spacing:normal;text-transform:none;display:inline-block;white-space:nowrap;word-wrap:normal;direction:ltr;-webkit-font-feature-settings:'liga';-webkit-font-smoothing:antialiased}`;
