import { expect, it } from 'vitest';
import { leadingCommands, readCommand, skipBlank, withoutComments } from './commands.ts';

const names = new Set(['usepackage', 'usetikzlibrary']);

it('reads a command whose arguments contain nested braces, escapes and comments', () => {
  const source = '\\usepackage[a={\\}]}] % why {\n {b\\{c} rest';
  expect(readCommand(source, 0)).toEqual({
    name: 'usepackage',
    start: 0,
    end: source.indexOf(' rest'),
    options: ['a={\\}]}'],
    groups: ['b\\{c'],
  });
});

it.each([['\\usepackage{open'], ['\\usepackage[open'], ['\\usepackage{a}]{'], ['no command'], ['\\ ']])(
  'reads no command from %j, which does not end or is none',
  (source) => {
    expect(readCommand(source, 0)?.groups ?? []).not.toContain('open');
  },
);

it('returns only leading commands, and only those of the given names', () => {
  const source = '% first\n\\usepackage{a}\n\n\\usetikzlibrary{b}% c\n\\draw (0,0);\\usepackage{d}';
  expect(leadingCommands(source, names).map(({ groups }) => groups[0])).toEqual(['a', 'b']);
});

it('skips space and comments', () => {
  expect(skipBlank('  % a\n % b\n x', 0)).toBe(12);
  expect(skipBlank('x', 0)).toBe(0);
  expect(skipBlank('% to the end', 0)).toBe(12);
});

it('replaces comments by spaces and leaves an escaped percent sign', () => {
  expect(withoutComments('a% b\n5\\% c')).toBe('a   \n5\\% c');
});
