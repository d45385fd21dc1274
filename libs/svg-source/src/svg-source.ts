import type { Size } from '@pentimento/contracts';

/** The root's start tag: its place in the code, and its attributes. */
export interface SvgRoot {
  start: number;
  end: number;
  attributes: Readonly<Record<string, string | undefined>>;
}

export interface SvgSource {
  root: SvgRoot;
  /** Names of the elements in the SVG namespace or none: editors' own elements, which have prefixes, are left out. */
  elements: Set<string>;
  /** How many elements there are, of any name. */
  elementCount: number;
}

/**
 * Reads what can be known of an SVG without an XML parser: the root's start tag and the names of the elements. One pass over
 * hostile text, in time proportional to its length. Undefined where there is no `<svg`.
 */
export function readSvg(code: string): SvgSource | undefined {
  let root: SvgRoot | undefined;
  const elements = new Set<string>();
  let elementCount = 0;
  for (const tag of startTags(code)) {
    elementCount++;
    if (!tag.name.includes(':')) elements.add(tag.name);
    if (!root && tag.name === 'svg') {
      root = { start: tag.start, end: tag.end, attributes: readAttributes(code.slice(tag.start, tag.end)) };
    }
  }
  return root && { root, elements, elementCount };
}

interface Tag {
  /** Without the prefix `svg:`; other prefixes stay. */
  name: string;
  start: number;
  end: number;
}

/** Spans between these delimiters hold no tags. */
const opaque: [string, string][] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!DOCTYPE', '>'],
];

function* startTags(code: string): Generator<Tag> {
  for (let at = code.indexOf('<'); at !== -1; at = code.indexOf('<', at)) {
    const span = opaque.find(([open]) => code.startsWith(open, at));
    if (span) {
      const isDoctypeWithSubset = span[0] === '<!DOCTYPE' && code.slice(at, at + 1000).includes('[');
      const close = isDoctypeWithSubset ? ']' : span[1];
      const end = code.indexOf(close, at + span[0].length);
      if (end === -1) return;
      at = end + close.length;
      continue;
    }
    const name = /^<([A-Za-z][\w:-]{0,80})/.exec(code.slice(at, at + 84))?.[1]?.replace(/^svg:/, '');
    if (!name) {
      at++;
      continue;
    }
    const end = endOfTag(code, at);
    yield { name, start: at, end };
    at = end;
  }
}

/** Just after the tag's `>`, which does not count inside quotes; the end of the code where there is none. */
function endOfTag(code: string, start: number): number {
  let quote = '';
  for (let at = start; at < code.length; at++) {
    const character = code[at]!;
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return code.length;
}

const maxRootLength = 16_384;

function readAttributes(text: string): SvgRoot['attributes'] {
  const pairs = text.slice(0, maxRootLength).matchAll(/([\w:.-]{1,64})\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return Object.fromEntries([...pairs].map(([, name, double, single]) => [name!, double ?? single ?? '']));
}

/** CSS pixels an absolute unit (CSS Values 4, section 6.2). */
const pixelsPer: Record<string, number> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 9.6 / 2.54,
  q: 2.4 / 2.54,
};

/** A length in CSS pixels; undefined where it is relative, absent or not positive. */
function absoluteLength(value: string | undefined): number | undefined {
  const [, number, unit] = /^\s*\+?(\d+\.?\d*|\.\d+)([a-z]*)\s*$/i.exec(value?.slice(0, 40) ?? '') ?? [];
  const scale = unit === undefined ? undefined : pixelsPer[unit.toLowerCase()];
  const pixels = scale === undefined ? 0 : Number(number) * scale;
  return pixels > 0 ? pixels : undefined;
}

function aspectRatio(viewBox: string | undefined): number | undefined {
  const [, , width, height] = (viewBox ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  return width! > 0 && height! > 0 ? width! / height! : undefined;
}

/**
 * The size at which an SVG is rendered: its own if it has absolute lengths (with a viewBox, one of them is enough), else
 * `fallback`.
 */
export function svgSize({ attributes }: SvgRoot, fallback: Size): Size {
  const width = absoluteLength(attributes['width']);
  const height = absoluteLength(attributes['height']);
  const ratio = aspectRatio(attributes['viewBox']);
  if (width && height) return whole(width, height);
  if (width && ratio && attributes['height'] === undefined) return whole(width, width / ratio);
  if (height && ratio && attributes['width'] === undefined) return whole(height * ratio, height);
  return fallback;
}

const whole = (width: number, height: number): Size => ({
  width: Math.max(1, Math.round(width)),
  height: Math.max(1, Math.round(height)),
});

/** The code and its root with a viewBox of the root's own absolute size where it has none, so that another size scales the image. */
export function withViewBox(code: string, root: SvgRoot): { code: string; root: SvgRoot } {
  const { attributes, start, end } = root;
  const [width, height] = [absoluteLength(attributes['width']), absoluteLength(attributes['height'])];
  if (attributes['viewBox'] !== undefined || !width || !height) return { code, root };
  const viewBox = `0 0 ${width} ${height}`;
  const tag = code.slice(start, end).replace(/^<[\w:-]+/, (name) => `${name} viewBox="${viewBox}"`);
  const scaled = { ...root, end: start + tag.length, attributes: { ...attributes, viewBox } };
  return { code: code.slice(0, start) + tag + code.slice(end), root: scaled };
}

/**
 * The code with a root of exactly this size in pixels, from the root on. Of the text before it only line breaks remain, so that line numbers
 * stay correct, and entities, which the rest may need. A root that already has the size is not changed.
 */
export function withSize(code: string, root: SvgRoot, size: Size): string {
  return withRoot(code, root, (tag) => sizedTag(tag, root.attributes, size));
}

/** The same, with the browsers' default font size where none is set. librsvg's default is 12 pixels. */
export function withSizeAndFont(code: string, root: SvgRoot, size: Size): string {
  const { attributes } = root;
  const withFont = (tag: string): string =>
    attributes['font-size'] !== undefined ? tag : tag.replace(/^<[\w:-]+/, (name) => `${name} font-size="16px"`);
  return withRoot(code, root, (tag) => withFont(sizedTag(tag, attributes, size)));
}

function withRoot(code: string, root: SvgRoot, change: (tag: string) => string): string {
  const prolog = code.slice(0, root.start);
  const before = prolog.includes('<!ENTITY') ? prolog.trimStart() : prolog.replace(/[^\n]+/g, '');
  return before + change(code.slice(root.start, root.end)) + code.slice(root.end);
}

function sizedTag(tag: string, attributes: SvgRoot['attributes'], size: Size): string {
  const isSized = attributes['width'] === String(size.width) && attributes['height'] === String(size.height);
  if (isSized) return tag;
  const bare = tag.replace(/\s(?:width|height)\s*=\s*(?:"[^"]*"|'[^']*')/g, ' ');
  return bare.replace(/^<[\w:-]+/, (name) => `${name} width="${size.width}" height="${size.height}"`);
}
