import { blobIdSchema, type BlobId } from '@pentimento/contracts';

export type RowValue = unknown;
export type PreviewRow = Readonly<Record<string, RowValue>>;

/** An image in a row, in the place of its bytes. */
export interface RowImage {
  image: BlobId;
  width: number;
  height: number;
}

/** An image with the path to it in its row, e.g. `images[0]`. */
export interface PlacedImage extends RowImage {
  path: string;
}

export function isImage(value: RowValue): value is RowImage {
  if (!isObject(value)) return false;
  const { image, width, height } = value;
  return blobIdSchema.safeParse(image).success && isPositive(width) && isPositive(height);
}

/** Whether an image is all that the value is. */
export const isImageAlone = (value: RowValue): value is RowImage => isImage(value) && Object.keys(value).length === 3;

export function isObject(value: RowValue): value is Record<string, RowValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;

/** Every image of a value in order, with its place below `path`. */
export function imagesIn(value: RowValue, path = ''): PlacedImage[] {
  if (isImage(value)) return [{ image: value.image, width: value.width, height: value.height, path }];
  if (Array.isArray(value)) return value.flatMap((each, index) => imagesIn(each, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => imagesIn(each, path === '' ? key : `${path}.${key}`));
}

/** Shorter ones are more likely a name than what the row says. */
const minSentence = 24;
const maxSummary = 300;

/**
 * What each row says, in one line: its last longer text with words that no other row has. What rows share, such as instructions,
 * tells none of them apart, and a reply comes after its prompt.
 */
export function summaries(rows: readonly PreviewRow[]): string[] {
  const texts = rows.map((row) => [...new Set(textsIn(row))]);
  const counts = new Map<string, number>();
  for (const text of texts.flat()) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.map((own) => {
    const sentences = own.filter((text) => text.length >= minSentence && /\s/.test(text.trim()));
    return oneLine(sentences.findLast((text) => counts.get(text) === 1) ?? sentences.at(-1) ?? own[0] ?? '');
  });
}

const oneLine = (text: string): string => text.slice(0, maxSummary).replaceAll(/\s+/g, ' ').trim();

function textsIn(value: RowValue): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) && !isImageAlone(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Where a row comes from, by the columns that say so, e.g. "svg, refine, iteration 2, accepted"; a trace says it of its job. */
export function originWords(row: PreviewRow): string {
  const { name, language, kind, iteration, verdict } = isObject(row.job) ? row.job : row;
  const at = typeof iteration === 'number' ? `iteration ${iteration}` : undefined;
  const words = [name, language, kind, at, verdict].filter((each) => typeof each === 'string');
  return words.map((word) => word.replaceAll('_', ' ')).join(', ');
}

/** The score of a row: of its candidate, or else its reward; null where it has none. */
export function scoreOf({ score, reward }: PreviewRow): number | null {
  if (typeof score === 'number') return score;
  return typeof reward === 'number' ? reward : null;
}

/** The text is longer, or has more lines, than what is shown of it at first. */
export const isLong = (text: string): boolean => text.length > 600 || text.split('\n', 10).length > 8;

/** More than the lines that are shown can hold. */
export const textAtFirst = (text: string): string => text.slice(0, 4000);

/** How many items of a list are shown at first. */
export const maxItems = 20;

/** Such as token ids: they are shown as one line. */
export const isNumbers = (value: RowValue): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number');

const maxShort = 48;

/** The fields of a struct that fit on one line together, and the others. */
export function splitFields(value: Record<string, RowValue>): Record<'short' | 'others', [string, RowValue][]> {
  const entries = Object.entries(value);
  return { short: entries.filter(([, each]) => isShort(each)), others: entries.filter(([, each]) => !isShort(each)) };
}

function isShort(value: RowValue): boolean {
  if (typeof value === 'string') return value !== '' && value.length <= maxShort && !value.includes('\n');
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}
