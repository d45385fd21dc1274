import { expect, it } from 'vitest';
import { readDocument } from './document.ts';
import { formatSource, prefixEnds, prefixesTo, restAfter } from './preamble-prefix.ts';

const code = (body: string, preamble = '\\newcommand{\\x}{1}\n'): string =>
  `\\documentclass{standalone}\n\\usepackage{tikz}\n${preamble}\\begin{document}\n${body}\n\\end{document}\n`;
const prefixes = (text: string) => {
  const document = readDocument(text);
  return prefixesTo(prefixEnds(document), document.source);
};

it('ends one prefix before the body, and one after the loading commands', () => {
  const [preamble, loaded] = prefixes(code('x'));
  expect(preamble!.text).toMatch(/\\newcommand\{\\x\}\{1\}\n$/);
  expect(loaded!.text).toMatch(/\\usepackage\{tikz\}$/);
});

it('has one prefix if nothing is between the two', () => {
  expect(prefixes(code('x', ' % nothing\n'))).toHaveLength(1);
});

it('has the same key for the same prefix, whatever follows, and another for any other', () => {
  expect(prefixes(code('x'))[0]!.key).toBe(prefixes(code('y'))[0]!.key);
  expect(prefixes(code('x', '\\newcommand{\\x}{2}\n'))[0]!.key).not.toBe(prefixes(code('x'))[0]!.key);
});

it('keeps the line numbers of the rest', () => {
  const { source } = readDocument(code('here'));
  for (const prefix of prefixes(code('here'))) {
    const rest = restAfter(prefix, source);
    expect(rest.split('\n').indexOf('here')).toBe(source.split('\n').indexOf('here'));
    expect(formatSource(prefix)).toContain(prefix.text);
  }
});

it('sets the seed again, because a format does not keep the state of random numbers', () => {
  const { source } = readDocument(code('here'));
  for (const prefix of prefixes(code('here')))
    expect(restAfter(prefix, source)).toMatch(/^\\pdfsetrandomseed 1\\relax /);
});

it.each([
  ['writes a file', '\\newwrite\\f\\immediate\\openout\\f=a.txt\n'],
  ['contains a file', '\\begin{filecontents}{a.dat}\n1\n\\end{filecontents}\n'],
  ['reads a file', '\\input{a}\n'],
  ['makes objects of the PDF', '\\immediate\\pdfobj{1}\n'],
  ['uses random numbers', '\\pdfsetrandomseed 7\\relax\n'],
  ['depends on its line', '\\edef\\x{\\the\\inputlineno}\n'],
])('has no prefix if the preamble %s', (_, preamble) => {
  expect(prefixes(code('x', preamble))).toEqual([]);
});

it('ends the prefix of a snippet before its body', () => {
  expect(prefixes('\\begin{tikzpicture}\\end{tikzpicture}')).toHaveLength(1);
});

it('has no prefix for other engines, whose formats keep neither fonts nor Lua', () => {
  expect(prefixes(code('\\directlua{}'))).toEqual([]);
});
