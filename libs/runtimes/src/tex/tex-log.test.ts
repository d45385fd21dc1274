import { describe, expect, it } from 'vitest';
import { needsAnotherRun, failureOf, warningsOf } from './tex-log.ts';

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
    expect(failure(log).message).toBe('! LaTeX Error: Environment axis undefined.\nl.3 \\begin{axis}');
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

  it('has each warning about missing characters and references once', () => {
    const line = 'Missing character: There is no П in font lmr!';
    expect(warningsOf({ log: `a\n${line}\n${line}\nOverfull \\hbox`, terminal: '' })).toBe(line);
  });
});
