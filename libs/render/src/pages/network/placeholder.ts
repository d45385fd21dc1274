import type { InterceptedResponse } from '@pentimento/sandbox';

/** What an image shows in place of a photo. Colors as in CSS. */
interface Placeholder {
  width: number;
  height: number;
  fill?: string;
  color?: string;
  /** Lines of text, in the middle. */
  text?: string;
  isRound?: boolean;
}

type Service = (url: URL) => Placeholder | undefined;

const gray = '#ccc';
const maxTextLength = 200;

/** A plain image of the size in the URL, so that the page keeps its layout; undefined for any other URL. */
export function placeholder(url: URL): InterceptedResponse | undefined {
  const found = services.get(url.host.replace(/^www\./, ''))?.(url);
  if (!found || !(found.width > 0 && found.height > 0)) return undefined;
  return { mediaType: 'image/svg+xml', body: Buffer.from(draw(found), 'utf8'), isPlaceholder: true };
}

function draw({ width, height, fill = gray, color = '#969696', text = '', isRound = false }: Placeholder): string {
  const radius = isRound ? ` rx="${width / 2}" ry="${height / 2}"` : '';
  const start = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${fill}"${radius}/>`;
  const lines = text.slice(0, maxTextLength).split('\n');
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const size = Math.round(Math.min(height / (lines.length + 1), (width * 1.5) / longest, Math.max(12, height / 4)));
  const spans = lines.map(
    (line, index) =>
      `<tspan x="50%" dy="${Math.round(index === 0 ? (0.36 - 0.55 * (lines.length - 1)) * size : 1.1 * size)}">${escape(line)}</tspan>`,
  );
  return `${start}${text && `<text y="50%" text-anchor="middle" font-family="Arial, sans-serif" font-weight="bold" font-size="${size}" fill="${color}">${spans.join('')}</text>`}</svg>`;
}

const escape = (text: string): string => text.replace(/[&<]/g, (character) => (character === '&' ? '&amp;' : '&lt;'));

const maxSide = 4096;
const side = (value: string | null | undefined): number | undefined =>
  /^\d{1,5}$/.test(value ?? '') ? Math.min(maxSide, Number(value)) : undefined;

/** "fff", "1a2b3c80" and names of colors, of which "transparent" is one. */
function colorOf(value: string | null | undefined): string | undefined {
  if (!/^#?[\da-z]{3,20}$/i.test(value ?? '')) return undefined;
  const bare = value!.replace('#', '');
  return /^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(bare) ? `#${bare}` : bare;
}

const file = /\.(?:png|jpe?g|gif|webp|svg|avif)$/i;
const formats = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'avif']);
const partsOf = ({ pathname }: URL): string[] =>
  pathname
    .split('/')
    .map((part) => part.replace(file, '').split('&')[0]!)
    .filter((part) => part !== '' && !formats.has(part.toLowerCase()));

/** "600x400" or "600". */
function sizeIn(part: string | undefined): { width: number; height: number } | undefined {
  const [, width, height = width] = /^(\d{1,5})(?:[x×](\d{1,5}))?(?:@\dx)?$/i.exec(part ?? '') ?? [];
  return width === undefined ? undefined : { width: side(width)!, height: side(height)! };
}

/** /600x400/background/color?text=Hello+World, with the size as text where there is none. */
const labeled =
  (defaults: { fill: string; color: string; times: string }): Service =>
  (url) => {
    const parts = partsOf(url);
    const at = parts.findIndex((part) => sizeIn(part) !== undefined);
    const size = sizeIn(parts[at]);
    if (!size) return undefined;
    const asked = url.searchParams.get('text') ?? /&text=([^&/]*)/.exec(url.pathname)?.[1]?.replaceAll('+', ' ');
    const text = asked ? asked.replaceAll('\\n', '\n') : `${size.width}${defaults.times}${size.height}`;
    return {
      ...size,
      text,
      fill: colorOf(parts[at + 1]) ?? defaults.fill,
      color: colorOf(parts[at + 2]) ?? defaults.color,
    };
  };

/** The first size in the path, as one part or as two. */
const inPath: Service = (url) => {
  const parts = partsOf(url);
  const at = parts.findIndex((part, index) => sizeIn(part) && !['id', 'seed'].includes(parts[index - 1] ?? ''));
  const size = sizeIn(parts[at]);
  if (!size) return undefined;
  return { width: size.width, height: size.width === size.height ? (side(parts[at + 1]) ?? size.height) : size.height };
};

/** The size in the query; a missing height is that of a photo of 3 to 2. */
const inQuery: Service = ({ searchParams }) => {
  const read = (...names: string[]): number | undefined =>
    names.map((name) => side(searchParams.get(name))).find((value) => value !== undefined);
  const [width, height] = [read('w', 'width'), read('h', 'height')];
  if (width === undefined && height === undefined) return { width: 1200, height: 800 };
  return { width: width ?? Math.round(height! * 1.5), height: height ?? Math.round(width! / 1.5) };
};

const square =
  (otherwise: number, ...names: string[]): Service =>
  (url) => {
    const inUrl = names.map((name) => side(url.searchParams.get(name))).find((value) => value !== undefined);
    const width = inUrl ?? sizeIn(partsOf(url)[0])?.width ?? otherwise;
    return { width, height: width };
  };

const initials: Service = (url) => {
  const { searchParams } = url;
  const words = (searchParams.get('name') ?? 'J D').split(/\s+/).filter((word) => word !== '');
  return {
    ...square(64, 'size')(url)!,
    fill: colorOf(searchParams.get('background')) ?? '#f0e9e9',
    color: colorOf(searchParams.get('color')) ?? '#8b5d5d',
    text: words
      .slice(0, side(searchParams.get('length')) ?? 2)
      .map((word) => [...word][0]!.toUpperCase())
      .join(''),
    isRound: searchParams.get('rounded') === 'true',
  };
};

const portraits: Service = ({ pathname }) => {
  const width = pathname.includes('/thumb/') ? 48 : pathname.includes('/med/') ? 72 : 128;
  return pathname.startsWith('/api/portraits/') ? { width, height: width } : undefined;
};

/** By host. */
const services = new Map<string, Service>([
  ['placehold.co', labeled({ fill: '#ddd', color: '#999', times: ' × ' })],
  ...['via.placeholder.com', 'placeholder.com', 'placehold.it', 'placehold.jp', 'placeholder.pics'].map(
    (host): [string, Service] => [host, labeled({ fill: gray, color: '#969696', times: ' x ' })],
  ),
  ['dummyimage.com', labeled({ fill: gray, color: '#000', times: ' x ' })],
  ['fakeimg.pl', labeled({ fill: gray, color: '#909090', times: ' x ' })],
  ...['picsum.photos', 'fastly.picsum.photos', 'source.unsplash.com', 'loremflickr.com', 'placekitten.com'].map(
    (host): [string, Service] => [host, inPath],
  ),
  ...['placebear.com', 'placedog.net', 'baconmockup.com', 'lorempixel.com', 'placeimg.com'].map(
    (host): [string, Service] => [host, inPath],
  ),
  ...['images.unsplash.com', 'plus.unsplash.com', 'images.pexels.com'].map((host): [string, Service] => [
    host,
    inQuery,
  ]),
  ['i.pravatar.cc', square(150)],
  ['pravatar.cc', square(150)],
  ['robohash.org', square(300)],
  ...['gravatar.com', 'secure.gravatar.com'].map((host): [string, Service] => [host, square(80, 's', 'size')]),
  ['api.dicebear.com', square(100, 'size')],
  ['ui-avatars.com', initials],
  ['randomuser.me', portraits],
]);
