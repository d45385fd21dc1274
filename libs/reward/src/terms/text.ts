import { distance } from 'fastest-levenshtein';
import type { TextsTerm } from './reward-term.ts';

/** Bound of the steps of one edit distance, each a pair of symbols: above it words are compared instead of characters. */
const maxSteps = 2 ** 30;
/** The edit distance is taken over 16-bit symbols. */
const maxSymbols = 2 ** 16;

/** Similarity of the texts, however they look. */
export const text: TextsTerm = {
  id: 'text',
  label: 'text',
  description: 'words, where both texts are known',
  needs: 'texts',
  threshold: false,
  nothingRendered: 0,
  identical: 1,
  compute: textSimilarity,
};

/**
 * 1 less the Levenshtein distance of two texts over the length of the longer (0..1, 1 for two empty ones). Runs of white space
 * count as one space and those at the ends not at all; equivalent Unicode sequences are equal (NFC); a character is a code point.
 * Where the lengths' product is above 2^30 (two texts of 32,768 characters) the distance is that of words, and above 2^30 pairs of
 * words that of the bags of words, a lower bound.
 */
export function textSimilarity(target: string, render: string): number {
  const [a, b] = [normalize(target), normalize(render)];
  if (a === b) return 1;
  return editSimilarity([...a], [...b]) ?? editSimilarity(a.split(' '), b.split(' ')) ?? bagSimilarity(a, b);
}

function normalize(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}

/** Undefined where it costs too much. */
function editSimilarity(a: readonly string[], b: readonly string[]): number | undefined {
  if (a.length * b.length > maxSteps) return undefined;
  const symbols = new Map<string, number>();
  const [first, second] = [encode(a, symbols), encode(b, symbols)];
  return symbols.size > maxSymbols ? undefined : 1 - distance(first, second) / Math.max(a.length, b.length);
}

/** One UTF-16 unit for each part, the same for equal parts. */
function encode(parts: readonly string[], symbols: Map<string, number>): string {
  const units = parts.map((part) => {
    const symbol = symbols.get(part) ?? symbols.size;
    symbols.set(part, symbol);
    return String.fromCharCode(symbol);
  });
  return units.join('');
}

function bagSimilarity(a: string, b: string): number {
  const words = a.split(' ');
  const others = b.split(' ');
  const left = new Map<string, number>();
  for (const word of words) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of others) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared++;
  }
  return shared / Math.max(words.length, others.length);
}
