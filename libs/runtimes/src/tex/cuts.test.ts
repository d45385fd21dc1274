import { expect, it } from 'vitest';
import { cutsOf, dumping, restAfter } from './cuts.ts';
import { readDocument } from './document.ts';

const code = (body: string, preamble = '\\newcommand{\\x}{1}\n'): string =>
  `\\documentclass{standalone}\n\\usepackage{tikz}\n${preamble}\\begin{document}\n${body}\n\\end{document}\n`;
const cuts = (text: string) => cutsOf(readDocument(text));

it('cuts before the body, and behind what is loaded', () => {
  const [preamble, loaded] = cuts(code('x'));
  expect(preamble!.prefix).toMatch(/\\newcommand\{\\x\}\{1\}\n$/);
  expect(loaded!.prefix).toMatch(/\\usepackage\{tikz\}$/);
});

it('cuts once where nothing stands between the two', () => {
  expect(cuts(code('x', ' % nothing\n'))).toHaveLength(1);
});

it('has one key for one beginning, whatever follows, and another for any other', () => {
  expect(cuts(code('x'))[0]!.key).toBe(cuts(code('y'))[0]!.key);
  expect(cuts(code('x', '\\newcommand{\\x}{2}\n'))[0]!.key).not.toBe(cuts(code('x'))[0]!.key);
});

it('leaves the lines of the rest where they were', () => {
  const { source } = readDocument(code('here'));
  for (const cut of cuts(code('here'))) {
    const rest = restAfter(cut, source);
    expect(rest.split('\n').indexOf('here')).toBe(source.split('\n').indexOf('here'));
    expect(dumping(cut)).toContain(cut.prefix);
  }
});

it.each([
  ['writes a file', '\\newwrite\\f\\immediate\\openout\\f=a.txt\n'],
  ['holds a file', '\\begin{filecontents}{a.dat}\n1\n\\end{filecontents}\n'],
  ['reads a file', '\\input{a}\n'],
  ['makes objects of the PDF', '\\immediate\\pdfobj{1}\n'],
  ['asks for its line', '\\edef\\x{\\the\\inputlineno}\n'],
])('cuts nowhere in a preamble that %s', (_, preamble) => {
  expect(cuts(code('x', preamble))).toEqual([]);
});

it('cuts a snippet before its body', () => {
  expect(cuts('\\begin{tikzpicture}\\end{tikzpicture}')).toHaveLength(1);
});

it('leaves other engines alone: their formats keep no fonts and no Lua', () => {
  expect(cuts(code('\\directlua{}'))).toEqual([]);
});
