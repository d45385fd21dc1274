import type { Size } from '@pentimento/contracts';

/** Bytes of an encoded bitmap that draw more than a dot: 512 characters of base64. */
const maxIconBytes = 384;
/** Share of the target's pixels that all embedded icons together may have. */
const maxIconShare = 1 / 16;
/** Bytes of an unknown kind that are longer than any key, hash or path. */
const maxOpaqueBytes = 3072;
/** Numbers of one table, or cells of one size, that are more than a chart or a two-dimensional code has. */
const maxPixels = 4096;

const base64Run = new RegExp(`(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{${Math.ceil(maxIconBytes / 0.75)},}={0,2}`, 'g');
const hexRun = new RegExp(`(?<![0-9a-f])(?:[0-9a-f]{2}){${maxIconBytes},}`, 'gi');
/** How PNG, JPEG, GIF, WebP, zlib and gzip begin. */
const base64Header = /^(?:iVBORw|\/9j\/|R0lGOD|UklGR|eJ|eA|eN|H4sI)/;
const hexHeader = /^(?:89504e47|ffd8ff|474946|52494646|78(?:01|5e|9c|da)|1f8b)/i;
const mediaType = /data:([a-z]+\/[a-z0-9.+-]*)[^,"'<>]{0,80},$/i;

/** A bitmap as the characters of a URI, or a list of its bytes. */
const spelledBytes = [
  new RegExp(`data:image/(?!svg)[a-z0-9.+-]+(?:;(?!base64)[^,;"'<>]{0,40}){0,4},[^"'\\s<>()]{${maxIconBytes},}`, 'i'),
  /\b137\s*,\s*80\s*,\s*78\s*,\s*71\b|\b0x89\s*,\s*0x50\s*,\s*0x4e\s*,\s*0x47\b|\b255\s*,\s*216\s*,\s*255\s*,\s*2\d\d\b/i,
];

const escapedByte = /\\x[0-9a-f]{2}/gi;

/** What turns text into bytes, and a text of no words for it. */
const decoder = /\b(?:b(?:16|32|64|85)decode|a85decode|fromhex|unhexlify|atob|fromBase64)\b/;
const opaqueText = new RegExp(`(["'\`])(?:(?!\\1)[!-~]){${Math.ceil(maxIconBytes / 0.75)},}\\1`);

/** What draws a table of numbers as pixels. */
const tableFunctions =
  /\b(?:imshow|matshow|figimage|pcolor(?:mesh|fast)?|fromarray|frombytes|putdata|putpixel|putImageData|ImageData|imsave|matrix plot)\b/;
const numberTable = /[\d\s.,;[\](){}&\\-]+/g;

/** Cells of a drawing as an image is spelled: rectangles, table cells, shadows. */
const cells =
  /<(?:rect|td|th|div|span|i|b|p|u)\b[^<>]{0,300}>|-?\d+px\s+-?\d+px(?:\s+\d+(?:px)?){0,2}\s+(?:#|rgb)|rectangle\s*\+\+\s*\([^()]{1,40}\)/gi;
/** What differs from cell to cell: places and colors. */
const placesAndColors =
  /\b(?:x|y|left|top|cx|cy|fill|bgcolor|background(?:-color)?)\s*[=:]\s*(?:"[^"]*"|'[^']*'|[^\s;"'<>]+)|-?\d+px\s+-?\d+px/gi;
const paints = /fill|background|bgcolor|#|rgb|rectangle/i;

/**
 * Whether code holds an image as pixels instead of drawing it: as a bitmap in base64 or in bytes, in one text or joined from many, or as
 * a table of pixels. Icons that have few pixels beside those of the target, fonts, drawings in data URIs and computed images do not count.
 * An image that is spelled in a way of its own is not found.
 */
export function embedsBitmap(code: string, target: Size): boolean {
  const text = withoutJoints(code);
  return (
    spelledBytes.some((pattern) => pattern.test(text)) ||
    hasMoreThanIcons(bitmapsIn(text, base64), target) ||
    bitmapsIn(text, hexadecimal).length > 0 ||
    (text.match(escapedByte)?.length ?? 0) >= maxIconBytes ||
    (decoder.test(text) && opaqueText.test(text)) ||
    (tableFunctions.test(code) && hasTable(code)) ||
    hasEqualCells(code)
  );
}

/** Without what only joins the parts of one text: line breaks, and quotes with plus signs or commas between them. */
const withoutJoints = (code: string): string =>
  code.replaceAll(/\\?\r?\n[ \t]*/g, '').replaceAll(/(["'`])\s*[+,]?\s*\1/g, '');

interface Encoding {
  run: RegExp;
  header: RegExp;
  bytesPerCharacter: number;
}

const base64: Encoding = { run: base64Run, header: base64Header, bytesPerCharacter: 0.75 };
const hexadecimal: Encoding = { run: hexRun, header: hexHeader, bytesPerCharacter: 0.5 };

/** The encoded bitmaps in a text that are more than a dot, those in drawings included. */
function bitmapsIn(text: string, { run, header, bytesPerCharacter }: Encoding): string[] {
  return [...text.matchAll(run)].flatMap(({ 0: encoded, index }) => {
    const media = mediaType.exec(text.slice(Math.max(0, index - 120), index))?.[1]?.toLowerCase();
    const bytes = encoded.length * bytesPerCharacter;
    if (media?.startsWith('image/svg')) return bitmapsIn(withoutJoints(decoded(encoded)), base64);
    const isBitmap =
      media === undefined
        ? isMixed(encoded) && bytes >= (header.test(encoded) ? maxIconBytes : maxOpaqueBytes)
        : media.startsWith('image/') && bytes >= maxIconBytes;
    return isBitmap ? [encoded] : [];
  });
}

function hasMoreThanIcons(bitmaps: readonly string[], { width, height }: Size): boolean {
  const pixels = bitmaps.reduce((sum, bitmap) => sum + pixelsOf(bitmap), 0);
  return pixels > width * height * maxIconShare;
}

/** Pixels of a PNG or GIF in base64; Infinity of what is not known. */
function pixelsOf(bitmap: string): number {
  const head = Uint8Array.from(decoded(bitmap.slice(0, 32)), (character) => character.charCodeAt(0));
  if (head.length < 24) return Infinity;
  const view = new DataView(head.buffer);
  if (view.getUint32(0) === 0x89504e47) return view.getUint32(16) * view.getUint32(20);
  if (view.getUint32(0) === 0x47494638) return view.getUint16(6, true) * view.getUint16(8, true);
  return Infinity;
}

/** Empty where it is no base64. */
function decoded(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

/** Not one character again and again, as fillers are. */
const isMixed = (run: string): boolean => new Set(run.slice(0, 2000)).size > 8;

function hasTable(code: string): boolean {
  const tables = code.match(numberTable) ?? [];
  return tables.some((table) => table.length > 2 * maxPixels && (table.match(/\d+/g)?.length ?? 0) > maxPixels);
}

function hasEqualCells(code: string): boolean {
  const counts = new Map<string, number>();
  for (const [cell] of code.matchAll(cells)) {
    if (!paints.test(cell)) continue;
    const form = cell.replaceAll(placesAndColors, '');
    const count = (counts.get(form) ?? 0) + 1;
    if (count > maxPixels) return true;
    counts.set(form, count);
  }
  return false;
}
