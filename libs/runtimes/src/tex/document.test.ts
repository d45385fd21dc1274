import { describe, expect, it } from 'vitest';
import { readDocument } from './document.ts';

const body = '\\begin{tikzpicture}\\draw (0,0)--(1,1);\\end{tikzpicture}';
const whole = (head: string, text = body): string => `${head}\n\\begin{document}\n${text}\n\\end{document}\n`;
const lineOf = (source: string, text: string): number => source.slice(0, source.indexOf(text)).split('\n').length;

describe('the engine', () => {
  it.each([
    ['pdflatex', whole('\\documentclass{standalone}')],
    ['xelatex', whole('% !TEX program = xelatex\n\\documentclass{standalone}')],
    ['lualatex', whole('%!TeX TS-program = lualatex\n\\documentclass{standalone}')],
    ['xelatex', whole('\\documentclass{standalone}\\usepackage[no-math]{fontspec}')],
    ['xelatex', whole('\\documentclass{article}\\usepackage{amsmath, unicode-math}')],
    ['xelatex', whole('\\documentclass[UTF8]{ctexart}')],
    ['lualatex', whole('\\documentclass{standalone}\\usepackage{fontspec,luacode}')],
    ['lualatex', whole('\\documentclass{standalone}', '\\directlua{tex.print(1)}')],
    ['pdflatex', whole('\\documentclass{standalone}% \\usepackage{fontspec} is not needed')],
  ])('is %s for %j', (engine, code) => {
    expect(readDocument(code).engine).toBe(engine);
  });
});

describe('the class', () => {
  it('article becomes standalone if the page is a figure, and keeps its options', () => {
    const { source } = readDocument(whole('\\documentclass[12pt,\n  a4paper]{article}\n\\usepackage{tikz}'));
    expect(source).toContain('\\documentclass[tikz, border=3.14mm, 12pt,   a4paper]{standalone}');
    expect(source).not.toContain('{article}');
    expect(lineOf(source, '\\usepackage{tikz}')).toBe(3);
  });

  it.each([
    ['text', `Some words. ${body}`],
    ['a centered figure', `\\begin{center}${body}\\end{center}`],
    ['a table', '\\begin{tabular}{c}a\\end{tabular}'],
  ])('article is cropped to its contents if that is %s', (_, text) => {
    expect(readDocument(whole('\\documentclass{article}', text)).source).toContain(
      '[varwidth, border=3.14mm]{standalone}',
    );
  });

  it('passes on the options of packages that it loads before the author does', () => {
    const { source } = readDocument(whole('\\documentclass{article}\n\\usepackage[dvipsnames]{xcolor}'));
    expect(source).toContain('\\PassOptionsToPackage{dvipsnames}{xcolor}\\documentclass[tikz');
  });

  it.each(['standalone', 'report', 'beamer', 'minimal'])('%s stays as it is', (name) => {
    const code = whole(`\\documentclass[10pt]{${name}}`);
    expect(readDocument(code).source.endsWith(code)).toBe(true);
  });

  it('is not read from a comment', () => {
    const code = whole('% \\documentclass{article}\n\\documentclass{report}');
    expect(readDocument(code).source.endsWith(code)).toBe(true);
  });
});

describe('a snippet', () => {
  const snippet = (code: string): string => readDocument(code).source;

  it('gets a class, packages and a document around it, and keeps its line numbers', () => {
    const source = snippet(`\n${body}\n\n% the end\n`);
    expect(source).toMatch(/\\documentclass\[preview, border=3\.14mm\]\{standalone\}.*\{[^}]*pgfplots[^}]*\}/);
    expect(source).toMatch(/\\end\{tikzpicture\}\n\\end\{document\}\n$/);
    expect(lineOf(source, '\\draw')).toBe(2);
  });

  it('has its leading commands in the preamble, with their options passed on before', () => {
    const source = snippet(`\\usepackage[dvipsnames]{xcolor} % colors\n\\newcommand{\\x}[1]{#1}\n${body}`);
    expect(source).toContain('\\PassOptionsToPackage{dvipsnames}{xcolor}\\usepackage{amsmath');
    expect(source.indexOf('\\newcommand')).toBeLessThan(source.indexOf('\\begin{document}'));
    expect(source.indexOf('\\begin{document}')).toBeLessThan(source.indexOf(body));
    expect(lineOf(source, body)).toBe(3);
  });

  it('that contains a document gets only the class', () => {
    const source = snippet(`\\usepackage{tikz}\n\\begin{document}\n${body}\n\\end{document}`);
    expect(source.match(/\\begin\{document\}/g)).toHaveLength(1);
    expect(source).toMatch(/\\documentclass\[preview/);
  });

  it.each([
    ['paths', '\\draw (0,0) -- (1,1);', '\\begin{tikzpicture}\\draw'],
    ['a plot', '\\begin{axis}\\addplot{x};\\end{axis}', '\\begin{tikzpicture}\\begin{axis}'],
    ['a circuit', '\\draw (0,0) to[R] (2,0);', '\\begin{circuitikz}\\draw'],
    ['a formula', '\\frac{a}{b}', '$\\displaystyle \\frac'],
    ['a matrix', '\\begin{pmatrix} a & b \\end{pmatrix}^2', '$\\displaystyle \\begin{pmatrix}'],
  ])('of %s gets the environment that it needs', (_, code, expected) => {
    expect(snippet(code)).toContain(`\\begin{document}${expected}`);
  });

  it.each([
    ['inline mathematics', '$a_1$'],
    ['a display', '\\[ a^2 \\]'],
    ['an environment', '\\begin{align} a_1 &= b \\end{align}'],
    ['words', 'Just words'],
    ['a molecule', '\\chemfig{A*6(-B=C-)}'],
  ])('of %s gets no environment', (_, code) => {
    expect(snippet(code)).toContain(`\\begin{document}${code}\n`);
  });

  it.each([
    ['\\begin{circuitikz}\\end{circuitikz}', 'circuitikz'],
    ['\\chemfig{A-B}', 'chemfig'],
    ['\\begin{tikzcd}A\\end{tikzcd}', 'tikz-cd'],
    ['\\begin{tabular}{c}\\toprule a\\end{tabular}', 'booktabs'],
    // eslint-disable-next-line pentimento/names -- siunitx names the unit so
    ['$\\SI{5}{\\metre}$', 'siunitx'],
    ['\\begin{tikzpicture}\\node[drop shadow]{};\\end{tikzpicture}', 'shadows'],
    ['\\begin{tikzpicture}\\begin{groupplot}\\end{groupplot}\\end{tikzpicture}', 'groupplots'],
  ])('%s loads %s', (code, name) => {
    expect(snippet(code)).toMatch(new RegExp(`\\\\use[a-z]+\\{[^}]*\\b${name}\\b[^}]*\\}`));
  });
});

it('passes options to as many packages as fit, however many share them', () => {
  const names = Array.from({ length: 8000 }, (_, index) => `p${index}`).join(',');
  const { source } = readDocument(`\\usepackage[${'o,'.repeat(5000)}]{${names}}\\usepackage[svgnames]{xcolor}$x$`);
  expect(source.length).toBeLessThan(150_000);
  expect(source).toContain('\\PassOptionsToPackage{o,');
});

it.each([
  ['packages that do not end', '\\usepackage{'],
  ['options that do not end', '\\usepackage['],
  ['spaces', '\\usepackage' + ' '.repeat(50)],
  ['angles', ' pic '],
  ['edges', 'edge ['],
  ['circuits', 'to[american '],
  ['comments', '%'],
  ['classes', '\\documentclass{'],
  ['line ends', '\r'],
])('reads many %s in linear time', (_, piece) => {
  const code = piece.repeat(Math.ceil(300_000 / piece.length));
  const startedAt = performance.now();
  readDocument(code);
  readDocument(`\\begin{document}${code}`);
  readDocument(`\\documentclass{article}${code}`);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
