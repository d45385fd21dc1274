const otherWords = ['Total', 'Group', 'Index', 'Result', 'Sample', 'Value'];

/**
 * The text with one of its words wrong: two letters swapped, a letter missing, another word, the word missing. Only words of at
 * least three letters change, or of two in scripts without spaces; `isFixed` spares parts that are not shown as they are.
 */
export function otherTexts(text: string, isFixed: RegExp = /(?!)/g): string[] {
  const fixed = [...text.matchAll(isFixed)].map((match) => [match.index, match.index + match[0].length] as const);
  const words = [...text.matchAll(/[\p{L}\p{M}]+/gu)].filter(
    ({ 0: word, index }) =>
      word.length >= (/[\u3000-\u9fff\uac00-\ud7af]/.test(word) ? 2 : 3) &&
      !fixed.some(([start, end]) => index < end && index + word.length > start),
  );
  const longest = words.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return [];
  const replaced = (word: string) =>
    text.slice(0, longest.index) + word + text.slice(longest.index + longest[0].length);
  const others = [swapped(longest[0]), withoutOne(longest[0]), ...anotherWord(longest[0])].map(replaced);
  const shorter = words.length > 1 ? [replaced('').replace(/ {2,}/g, ' ').trim()] : [];
  return [...new Set([...others, ...shorter])].filter((other) => other !== text && other !== '');
}

/** Two neighboring letters in the middle, swapped; the word itself where all are equal. */
function swapped(word: string): string {
  const letters = [...word];
  const from = Math.floor((letters.length - 1) / 2);
  const at = [...letters.keys()]
    .map((index) => (from + index) % (letters.length - 1))
    .find((index) => letters[index] !== letters[index + 1]);
  return at === undefined
    ? word
    : [...letters.slice(0, at), letters[at + 1], letters[at], ...letters.slice(at + 2)].join('');
}

function withoutOne(word: string): string {
  const letters = [...word];
  return letters.toSpliced(Math.floor(letters.length / 2), 1).join('');
}

/** Words in its case, if it is of Latin letters. */
function anotherWord(word: string): string[] {
  if (!/^[A-Za-z]+$/.test(word)) return [];
  const others = otherWords.filter((other) => other.toLowerCase() !== word.toLowerCase());
  const other = others[word.length % others.length]!;
  if (word === word.toUpperCase()) return [other.toUpperCase()];
  return [word[0] === word[0]!.toUpperCase() ? other : other.toLowerCase()];
}
