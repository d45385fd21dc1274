import { describe, expect, it } from 'vitest';
import { failureOf, isMathFailure } from './tex-failure.ts';

const failure = (log: string, source = '', terminal = '', additions: string[] = []) =>
  failureOf({ log, terminal }, { source, additions });

describe('an error', () => {
  it('is shown with its line, which is broken where TeX stopped', () => {
    const log =
      '(./main.tex\n! Undefined control sequence.\n<argument> \\foo \n               {x}\nl.12 \\draw \\foo\n                {x};\nThe control';
    expect(failure(log)).toEqual({
      kind: 'syntax',
      message: '! Undefined control sequence.\nl.12 \\draw \\foo\n    {x};',
    });
  });

  it("is shown without TeX's advice to a person at a terminal", () => {
    const log =
      '! LaTeX Error: Environment axis undefined.\n\nSee the LaTeX manual or LaTeX Companion for explanation.\nType  H <return>  for immediate help.\n ...                                              \n                                                  \nl.3 \\begin{axis}\n                ';
    expect(failure(log).message).toMatch(/! LaTeX Error: Environment axis undefined\.\nl\.3 \\begin\{axis\}$/);
  });

  it('is shown without what was added to the line', () => {
    const head = '\\documentclass{standalone}\\usepackage{tikz}\\begin{document}';
    const whole = `! Undefined control sequence.\nl.1 ${head}\\foo\n    {x}`;
    const cut = `! Undefined control sequence.\nl.1 ...tikz}\\begin{document}\\foo\n    {x}`;
    for (const log of [whole, cut]) {
      expect(failure(log, '', '', [head]).message).toBe('! Undefined control sequence.\nl.1 \\foo\n    {x}');
    }
  });

  it('about a missing package has advice, and the line that names the package', () => {
    const log = "! LaTeX Error: File `nope.sty' not found.\n\nType X to quit\n! Emergency stop.\nl.9 \\begin";
    const source = 'added\\documentclass{standalone}\n\\usepackage{nope}\n';
    expect(failure(log, source, '', ['added'])).toEqual({
      kind: 'syntax',
      message:
        "The package nope is not installed here: do without it.\n! LaTeX Error: File `nope.sty' not found.\nl.2 \\usepackage{nope}",
    });
  });

  it.each([
    ['photo.png', 'There is no image photo.png here: draw it instead of including it.'],
    ['data.csv', 'There is no file data.csv here: write its contents into the document.'],
    ['thesis.cls', 'The class thesis is not installed here: do without it.'],
  ])('about the missing file %s has advice', (file, advice) => {
    expect(failure(`! LaTeX Error: File \`${file}' not found.\n`).message.split('\n')[0]).toBe(advice);
  });

  it.each([
    [
      'refused',
      "! LaTeX Error: File `/etc/passwd.tex' not found.\n",
      'pdflatex: Not reading from /etc/passwd (openin_any = p).',
    ],
    [
      'refused for writing',
      "! I can't write on file `/tmp/x'.\n",
      'pdflatex: Not writing to /tmp/x (openout_any = p).',
    ],
    ['not found', '! /etc/passwd not found.\n! pdfTeX error (ext5): cannot open', ''],
  ])('about a path outside of the folder that was %s is of the kind "blocked"', (_, log, terminal) => {
    expect(failure(log, '', terminal)).toMatchObject({ kind: 'blocked' });
  });

  it('is not of the kind "blocked" because of files that TeX itself looks for', () => {
    const terminal = 'pdflatex: Not reading from /dev/null (openin_any = p).';
    expect(failure('! Undefined control sequence.\nl.1 \\a\n', '', terminal).kind).toBe('syntax');
  });

  it('about full memory is of the kind "memory"', () => {
    expect(failure('! TeX capacity exceeded, sorry [input stack size=10000].\n\\a ->\\a x\nl.2 \\a\n').kind).toBe(
      'memory',
    );
  });

  it('about an environment that does not end names the environment', () => {
    const source = '\\begin{document}\n\\begin{axis}\\end{axis}\n\\begin{tikzpicture}\n\\end{document}';
    expect(failure('! Extra }, or forgotten \\endgroup.\nl.4 \\end{document}\n', source).message).toBe(
      'The \\begin{tikzpicture} in line 3 has no \\end{tikzpicture}.\n! Extra }, or forgotten \\endgroup.\nl.4 \\end{document}',
    );
  });

  it('that TeX did not name is shown as the end of the log', () => {
    expect(failure('This is pdfTeX\nstrange end')).toEqual({
      kind: 'runtime',
      message: 'LaTeX ended without an image and without an error.\nThis is pdfTeX\nstrange end',
    });
  });
});

describe('a cause that TeX does not name', () => {
  it.each([
    [
      'a document without an end',
      '! Emergency stop.\n<*> main.tex\n        \n',
      '\\documentclass{article}\n\\begin{document}\nx\n\n',
      'The document has no \\end{document}: it ends in line 3.\nl.3 x',
    ],
    [
      'a percent sign that hides the end of the options',
      '! File ended while scanning use of \\pgfplots@@environment@axis.\n',
      '\\begin{tikzpicture}\n\\begin{axis}[title={Share (%)}]\n\\end{axis}\\end{tikzpicture}',
      'The % in line 2 begins a comment, which hides ")}]": write \\%.\n! File ended while scanning use of \\pgfplots@@environment@axis.\nl.2 \\begin{axis}[title={Share (%)}]',
    ],
    [
      'a float in a standalone document',
      "! LaTeX Error: Something's wrong--perhaps a missing \\item.\n\nSee\nl.3 \\begin{figure}\n",
      '\\documentclass[tikz]{standalone}\n\\begin{document}\n\\begin{figure}x\\end{figure}\n\\end{document}',
      "In the class standalone nothing can float: leave out \\begin{figure}, its \\end and its \\caption (line 3), or use the class article.\n! LaTeX Error: Something's wrong--perhaps a missing \\item.\nl.3 \\begin{figure}",
    ],
    [
      'a brace without its partner',
      '! File ended while scanning use of \\@xdblarg.\n',
      '\\begin{document}\n\\section{One\nText.\n\\end{document}',
      'The { in line 2 has no }.\n! File ended while scanning use of \\@xdblarg.\nl.2 \\section{One',
    ],
    [
      'a question',
      '! Emergency stop.\n<read *> \n        \nl.2 \\read16 to \\x\n',
      '\\begin{document}\\end{document}',
      'TeX asks a question on the terminal, which nobody answers: leave out the command that reads.\nl.2 \\read16 to \\x',
    ],
    [
      'an end that TeX does not see',
      '! Emergency stop.\n<*> main.tex\n        \n',
      '\\begin{document}\\end{document}',
      'The document ends before TeX has come to \\end{document}: look for a command that takes it as its argument.',
    ],
    [
      'mathematics in text',
      '! Missing $ inserted.\n<inserted text> \n                $\nl.2 a_\n      b\n',
      '',
      'Something that only mathematics may contain stands in text: put it between dollar signs.\n! Missing $ inserted.\nl.2 a_\n    b',
    ],
    [
      'an environment of a package that is not loaded',
      '! LaTeX Error: Environment axis undefined.\n\nSee\nl.3 \\begin{axis}\n',
      '',
      'No package that the document loads has the environment axis.\n! LaTeX Error: Environment axis undefined.\nl.3 \\begin{axis}',
    ],
  ])('is said for %s', (_, log, source, message) => {
    expect(failure(log, source)).toEqual({ kind: 'syntax', message });
  });

  it('is not a comment that hides nothing', () => {
    const source = '\\begin{axis}[ % a plot (see [1])\n title={x}]\n\\begin{tikzpicture}';
    expect(failure('! Extra }, or forgotten \\endgroup.\nl.4 x\n', source).message).toMatch(
      /^The \\begin\{tikzpicture\} in line 3/,
    );
  });
});

it.each([
  ['! Missing $ inserted.\n', true],
  ['! LaTeX Error: \\mathrm allowed only in math mode.\n', true],
  ['! Package amsmath Error: \\tag not allowed here.\n', true],
  ['! Undefined control sequence.\n', false],
])('%j is about mathematics: %s', (log, expected) => {
  expect(isMathFailure({ log, terminal: '' })).toBe(expected);
});
