import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import { borderPoints, type TexDocument } from '@pentimento/runtimes';

/** The first page: its size in points (1/72 inch), and its text in reading order. */
export interface Page {
  width: number;
  height: number;
  text: string;
}

/** Reads the untrusted output of `pdftotext -bbox-layout`. Undefined if it has no page. */
export function readPage(layout: string): Page | undefined {
  const [, width, height] = /<page width="([\d.]{1,16})" height="([\d.]{1,16})">/.exec(layout) ?? [];
  const size = { width: popplerNumber(width ?? ''), height: popplerNumber(height ?? '') };
  if (!(size.width > 0 && size.height > 0)) return undefined;
  return { ...size, text: textOf(layout) };
}

/**
 * A number as Poppler's lexer reads it from a PDF, digit by digit: 35.16 becomes 35.160000000000004. At some densities that is one pixel
 * more, so only the same number gives the size of the image. NaN for anything else.
 */
function popplerNumber(text: string): number {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  let value = Number(whole);
  let scale = 0.1;
  for (const digit of fraction) {
    value += scale * Number(digit);
    scale *= 0.1;
  }
  return value;
}

/** Width of the narrowest line of an article, and of a snippet's, in TeX points. */
const lineWidth = 345;

/**
 * Whether a cropped page is as wide as its line although something extends beyond the line by `overhang` TeX points, past the border.
 * On a narrower page that is in a box of its own; the page of a snippet that is one wide box has the width of that box.
 */
export function isCutOff({ width }: Pick<Page, 'width'>, crop: TexDocument['crop'], overhang: number): boolean {
  if (overhang <= borderPoints || (crop !== 'varwidth' && crop !== 'preview')) return false;
  const beyond = (width * 72.27) / 72 - (lineWidth + 2 * borderPoints);
  return beyond > -1 && (crop === 'varwidth' || beyond < 1);
}

/** Words, lines and blocks that are read: more than the longest text has. */
const maxParts = 100_000;

function textOf(layout: string): string {
  let text = '';
  let parts = 0;
  for (const [, word, end] of layout.matchAll(/<word [^<>]{0,200}>([^<]{0,2000})<\/word>|<\/(line|block)>/g)) {
    if (word !== undefined) text += `${unescapeXml(word)} `;
    else if (end === 'line') text = `${text.trimEnd()}\n`;
    if (text.length > maxRenderTextLength || ++parts === maxParts) break;
  }
  return text.trim().slice(0, maxRenderTextLength);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name!] ?? whole) : codePoint(Number(code)),
  );

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Limits of a page's dots per inch: legible on a small target, and dense enough for a small formula on a large target. */
const densityLimits = { min: 72, max: 1200 } as const;

/** Common densities, most common first. The published reward uses 300. */
const commonDensities = [300, 200, 150, 600, 144, 100, 96, 72];

/** Pixels of a page at a density, as pdftoppm rounds them: to the same last bit, as its product may be just above a whole number. */
export const pixelsAt = (page: Pick<Page, 'width' | 'height'>, density: number): Size => ({
  width: Math.ceil((page.width * density) / 72),
  height: Math.ceil((page.height * density) / 72),
});

/**
 * The density, within the limits, at which the page is as large as the target, or fits into it if the proportions differ. If a common
 * density gives exactly the target's size, it is that one, so that a target made from this page is reproduced pixel for pixel.
 */
export function densityFor(page: Pick<Page, 'width' | 'height'>, target: Size): number {
  const exact = commonDensities.find((density) => {
    const size = pixelsAt(page, density);
    return size.width === target.width && size.height === target.height;
  });
  if (exact !== undefined) return exact;
  const fitting = 72 * Math.min(target.width / page.width, target.height / page.height);
  return Math.min(densityLimits.max, Math.max(densityLimits.min, Math.floor(fitting * 100) / 100));
}
