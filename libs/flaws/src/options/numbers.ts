/** A number as code writes it. The sign belongs to it only where the caller's span holds one. */
export const numberPattern = /\d+(?:\.\d+)?|\.\d+/g;
/** A number in text that people read: of `5,000` only the part in front of the comma. */
export const shownNumberPattern = /(?<![\d.,])(?:\d+(?:\.\d+)?|\.\d+)/g;

/** Other values for a number as code writes it, as exact as it is: half as much again, half, more by a step, with two digits swapped. */
export function otherNumbers(text: string): string[] {
  const value = Number(text);
  const decimals = /\.(\d+)/.exec(text)?.[1]!.length ?? 0;
  if (!Number.isFinite(value) || /e/i.test(text)) return [];
  const step = value === 0 ? 1 : 10 ** Math.floor(Math.log10(Math.abs(value)));
  const values = [value * 1.5, value * 0.5, value + Math.max(step, 10 ** -decimals)];
  const written = values.map((other) => withoutLeadingZero(other.toFixed(decimals), text));
  return different([...written, swappedDigits(text)], text);
}

/** The number times each factor, as exact as it is, or to one decimal where it has none and is small. */
export function scaled(text: string, factors: readonly number[]): string[] {
  const value = Number(text);
  if (!Number.isFinite(value) || value === 0) return [];
  const decimals = Math.max(/\.(\d+)/.exec(text)?.[1]!.length ?? 0, Math.abs(value) < 5 ? 1 : 0);
  return different(
    factors.map((factor) => withoutLeadingZero(String(Number((value * factor).toFixed(decimals))), text)),
    text,
  );
}

/** The number plus each distance, as exact as it is. */
export function moved(text: string, distances: readonly number[]): string[] {
  const decimals = Math.max(...[text, ...distances.map(String)].map((part) => /\.(\d+)/.exec(part)?.[1]!.length ?? 0));
  return different(
    distances.map((distance) => String(Number((Number(text) + distance).toFixed(decimals)))),
    text,
  );
}

/** The digits of the first place where two neighbors differ, swapped. */
function swappedDigits(text: string): string {
  const at = [...text].findIndex(
    (digit, index) => /\d\d/.test(text.slice(index, index + 2)) && digit !== text[index + 1],
  );
  const swapped = at === -1 ? text : text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  return /^0\d/.test(swapped) ? text : swapped;
}

const withoutLeadingZero = (written: string, like: string): string =>
  like.startsWith('.') ? written.replace(/^0(?=\.)/, '') : written;

/** Each value once, without those that equal the original as a number. */
const different = (texts: readonly string[], original: string): string[] =>
  [...new Set(texts)].filter((text) => Number(text) !== Number(original) && Number.isFinite(Number(text)));
