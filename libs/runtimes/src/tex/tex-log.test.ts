import { describe, expect, it } from 'vitest';
import { lossesOf, needsAnotherRun, overfullOf } from './tex-log.ts';

describe('a run', () => {
  it.each([
    ['LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right.', '', true],
    ['No file main.toc.', '', true],
    ['No file main.aux.', '', false],
    ['', '\\begin{tikzpicture}[remember picture, overlay]', true],
    ['', '\\begin{tikzpicture}', false],
  ])('with the log %j of %j needs another: %s', (log, source, expected) => {
    expect(needsAnotherRun({ log, terminal: '' }, source)).toBe(expected);
  });
});

describe('what an image lacks', () => {
  const losses = (...lines: string[]): string =>
    lossesOf({ log: `a\n${lines.join('\n')}\nOverfull \\hbox`, terminal: '' });

  it.each([
    [
      'characters, once for each font',
      [
        'Missing character: There is no П in font lmr!',
        'Missing character: There is no П in font lmr!',
        'Missing character: There is no 你 (U+4F60) in font lmr!',
      ],
      'Missing characters, which the font lmr lacks: П 你',
    ],
    [
      'text within a figure',
      ['Missing character: There is no x in font nullfont!'],
      'Text within a figure is no label and is left out, among it: x',
    ],
    [
      'a font',
      ['Pentimento: Arial is Liberation Sans'],
      'The font Arial is not installed here: Liberation Sans is used.',
    ],
    [
      'a shape of a font',
      [
        "LaTeX Font Warning: Font shape `T1/lmr/b/sc' undefined\n(Font)              using `T1/lmr/b/n' instead on input line 3.",
      ],
      'The font shape T1/lmr/b/sc is not installed here: T1/lmr/b/n is used.',
    ],
    [
      'a reference',
      ["LaTeX Warning: Reference `fig:a' on page 1 undefined on input line 4."],
      'The reference "fig:a" is undefined: it is shown as a question mark.',
    ],
    [
      'a citation',
      ["LaTeX Warning: Citation `knuth' on page 1 undefined on input line 4."],
      'The citation "knuth" is undefined: it is shown as a question mark.',
    ],
    ['a file', ["LaTeX Warning: File `a.png' not found on input line 9."], 'There is no file a.png: it is left out.'],
    ['nothing', [], ''],
  ])('is %s', (_, lines, expected) => {
    expect(losses(...lines)).toBe(expected);
  });
});

it('finds how far the widest and the tallest box extend beyond their place', () => {
  const log = `Overfull \\hbox (3.5pt too wide) in paragraph\nOverfull \\hbox (12.25pt too wide) has occurred
Overfull \\vbox (4.0pt too high) has occurred while \\output is active\nLaTeX Warning: Float too large for page by 77.5pt on input line 3.`;
  expect(overfullOf({ log, terminal: '' })).toEqual({ right: 12.25, below: 77.5 });
  expect(overfullOf({ log: 'Underfull \\hbox (badness 10000)', terminal: '' })).toEqual({ right: 0, below: 0 });
});
