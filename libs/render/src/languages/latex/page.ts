import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import { borderPoints, type TexDocument } from '@pentimento/runtimes';

/** The first page as pdftotext lays it out: its size in points (1/72 inch), and its text in reading order. */
export interface Page {
  width: number;
  height: number;
  text: string;
}

/** Reads what `pdftotext -bbox-layout` printed. The bytes are untrusted; undefined where they tell of no page. */
export function readPage(layout: string): Page | undefined {
  const [, width, height] = /<page width="([\d.]{1,16})" height="([\d.]{1,16})">/.exec(layout) ?? [];
  const size = { width: Number(width), height: Number(height) };
  if (!(size.width > 0 && size.height > 0)) return undefined;
  return { ...size, text: textOf(layout) };
}

/** The narrowest line of an article, and the line of a snippet, TeX points. */
const lineWidth = 345;

/**
 * Whether a cropped page is as wide as its line while something stands out of the line, by `overhang` TeX points, past the border.
 * A narrower page has it in a box of its own; a snippet that is one wide thing has a page of that width.
 */
export function isCutOff({ width }: Pick<Page, 'width'>, crop: TexDocument['crop'], overhang: number): boolean {
  if (overhang <= borderPoints || (crop !== 'varwidth' && crop !== 'preview')) return false;
  const beyond = (width * 72.27) / 72 - (lineWidth + 2 * borderPoints);
  return beyond > -1 && (crop === 'varwidth' || beyond < 1);
}

function textOf(layout: string): string {
  let text = '';
  for (const [, word, end] of layout.matchAll(/<word [^>]{0,200}>([^<]{0,2000})<\/word>|<\/(line|block)>/g)) {
    if (word !== undefined) text += `${unescapeXml(word)} `;
    else if (end === 'line') text = `${text.trimEnd()}\n`;
    if (text.length > maxRenderTextLength) break;
  }
  return text.trim().slice(0, maxRenderTextLength);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name!] ?? whole) : codePoint(Number(code)),
  );

const codePoint = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/**
 * Dots an inch within which a page is drawn: legible on a small target, and as dense as a small formula on a large target needs to be.
 */
export const densities = { least: 72, most: 1200 } as const;

/** What people draw pages at, the most usual first: the published reward takes 300. */
const usualDensities = [300, 200, 150, 600, 144, 100, 96, 72];

/** Pixels of a page at a density, as pdftoppm rounds them. */
export const pixelsAt = (page: Pick<Page, 'width' | 'height'>, density: number): Size => ({
  width: Math.ceil((page.width * density) / 72),
  height: Math.ceil((page.height * density) / 72),
});

/**
 * The density at which the page comes out as large as the target, or as large as fits into it where the proportions differ, within
 * the bounds. Where a usual density gives the target's very size, it is that one: a target drawn from this page comes out the same
 * pixel for pixel.
 */
export function densityFor(page: Pick<Page, 'width' | 'height'>, target: Size): number {
  const exact = usualDensities.find((density) => {
    const size = pixelsAt(page, density);
    return size.width === target.width && size.height === target.height;
  });
  if (exact !== undefined) return exact;
  const fitting = 72 * Math.min(target.width / page.width, target.height / page.height);
  return Math.min(densities.most, Math.max(densities.least, Math.floor(fitting * 100) / 100));
}
