import { expect, it } from 'vitest';
import { countChanges, diffOf } from './diff.ts';

it('numbers the lines of both texts', () => {
  const [hunk] = diffOf('a\nb\nc\n', 'a\nB\nc\nd\n')!;
  expect(hunk!.lines.map(({ kind, text, before, after }) => [kind, text, before, after])).toEqual([
    ['kept', 'a', 1, 1],
    ['removed', 'b', 2, null],
    ['added', 'B', null, 2],
    ['kept', 'c', 3, 3],
    ['added', 'd', null, 4],
  ]);
});

it('is empty for equal texts, a missing last line feed included', () => {
  expect(diffOf('a\nb', 'a\nb\n')).toEqual([]);
});

it('splits distant changes into hunks and counts them', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  const changed = lines.with(2, 'x').with(35, 'y');
  const hunks = diffOf(lines.join('\n'), changed.join('\n'))!;
  expect(hunks).toHaveLength(2);
  expect(countChanges(hunks)).toEqual({ added: 2, removed: 2 });
});

it('gives up on texts that have nothing in common, instead of searching for long', () => {
  const text = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`).join('\n');
  expect(diffOf(text('a'), text('b'))).toBeNull();
});
