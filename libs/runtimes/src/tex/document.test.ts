import { describe, expect, it } from 'vitest';
import { readDocument, type DocumentOptions } from './document.ts';

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

const published: DocumentOptions = { pages: 'published' };

describe('a document of a class for paper', () => {
  it.each(['article', 'report', 'book', 'letter', 'amsart', 'scrartcl', 'minimal', 'IEEEtran'])(
    '%s is typeset as it is, without running heads, and cropped to its ink',
    (name) => {
      const code = whole(`\\documentclass[12pt,\n  a4paper]{${name}}\n\\usepackage{tikz}`);
      const { source, crop, isSnippet } = readDocument(code);
      expect(source.endsWith(code)).toBe(true);
      expect(source).toMatch(/\\AddToHook\{begindocument\/end\}\{\\pagestyle\{empty\}[^\n]*\\documentclass/);
      expect({ crop, isSnippet }).toEqual({ crop: 'ink', isSnippet: false });
    },
  );

  it('has its lines where they were, and what was added among the additions', () => {
    const { source, additions } = readDocument(whole('% first\n\\documentclass{article}\n\\usepackage{tikz}'));
    expect(lineOf(source, '\\usepackage{tikz}')).toBe(3);
    expect(additions.reduce((text, addition) => text.replace(addition, ''), source)).toBe(
      whole('% first\n\\documentclass{article}\n\\usepackage{tikz}'),
    );
  });

  it.each(['standalone', 'beamer', 'tikzposter'])(
    'a document of %s, whose page is the picture, stays as it is',
    (name) => {
      const code = whole(`\\documentclass[10pt]{${name}}`);
      const { source, crop } = readDocument(code);
      expect(source.endsWith(`\\relax ${code}`)).toBe(true);
      expect(crop).toBe('none');
    },
  );

  it('gets the room that it lacks', () => {
    const { source } = readDocument(whole('\\documentclass{article}'), {
      pages: 'ink',
      room: { right: 40, below: 9.5 },
    });
    expect(source).toContain('\\advance\\pdfpagewidth by 40.00pt \\advance\\pdfpageheight by 9.50pt ');
    expect(source).not.toContain('\\textheight');
  });

  it('is not read from a comment', () => {
    const code = whole('% \\documentclass{standalone}\n\\documentclass{report}');
    expect(readDocument(code).crop).toBe('ink');
  });
});

describe('the class as the published reward has it', () => {
  it('article becomes standalone if the page is a figure, and keeps its options', () => {
    const { source } = readDocument(whole('\\documentclass[12pt,\n  a4paper]{article}\n\\usepackage{tikz}'), published);
    expect(source).toContain('\\documentclass[tikz, border=3.14mm, 12pt,   a4paper]{standalone}');
    expect(source).not.toContain('{article}');
    expect(lineOf(source, '\\usepackage{tikz}')).toBe(3);
  });

  it.each([
    ['text', `Some words. ${body}`],
    ['a centered figure', `\\begin{center}${body}\\end{center}`],
    ['a table', '\\begin{tabular}{c}a\\end{tabular}'],
  ])('article is cropped to its contents if that is %s', (_, text) => {
    expect(readDocument(whole('\\documentclass{article}', text), published).source).toContain(
      '[varwidth, border=3.14mm]{standalone}',
    );
  });

  it('passes on the options of packages that it loads before the author does', () => {
    const { source } = readDocument(whole('\\documentclass{article}\n\\usepackage[dvipsnames]{xcolor}'), published);
    expect(source).toContain('\\PassOptionsToPackage{dvipsnames}{xcolor}\\documentclass[tikz');
  });

  it.each(['standalone', 'report', 'beamer', 'minimal'])('%s stays as it is', (name) => {
    const code = whole(`\\documentclass[10pt]{${name}}`);
    expect(readDocument(code, published).source.endsWith(code)).toBe(true);
  });

  it('a snippet is a preview with a border, and a formula is in a line', () => {
    expect(readDocument(body, published).source).toMatch(/\\documentclass\[preview, border=3\.14mm\]\{standalone\}/);
    expect(readDocument('\\frac{a}{b}', published).source).toContain('{document}$\\displaystyle \\frac{a}{b}');
  });
});

describe('a snippet', () => {
  const snippet = (code: string): string => readDocument(code).source;

  it('gets a class, packages and a document around it, and keeps its line numbers', () => {
    const source = snippet(`\n${body}\n\n% the end\n`);
    expect(source).toMatch(/\\documentclass\{article\}.*\{[^}]*pgfplots[^}]*\}/);
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
    expect(source).toMatch(/\\documentclass\{article\}/);
  });

  it.each([
    ['paths', '\\draw (0,0) -- (1,1);', '\\begin{tikzpicture}\\draw'],
    ['a plot', '\\begin{axis}\\addplot{x};\\end{axis}', '\\begin{tikzpicture}\\begin{axis}'],
    ['a circuit', '\\draw (0,0) to[R] (2,0);', '\\begin{circuitikz}\\draw'],
    ['a formula', '\\frac{a}{b}', '\\begin{equation*}\\frac'],
    ['a matrix', '\\begin{pmatrix} a & b \\end{pmatrix}^2', '\\begin{align*}\\begin{pmatrix}'],
    ['a formula with a tag', 'a^2 = b \\tag{7}', '\\begin{equation*}a^2'],
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
    ['a style between packages', '\\tikzstyle{box} = [draw]\n\\usepackage{amsmath}\n'],
    ['a definition that holds a figure', `\\def\\pic{${body}}\n\\usepackage{amsmath}\n`],
    ['a length', '\\newlength{\\w}\\setlength{\\w}{2cm}\n\\usetikzlibrary{calc}\n'],
  ])('that has %s gets all of that in the preamble', (_, lines) => {
    const source = snippet(`\\usepackage{tikz}\n${lines}${body}`);
    expect(source).toContain(`${lines.trimEnd()}\\begin{document}`);
  });

  it.each([
    ['a function', '\\sin t = 0', true],
    ['upright letters', '\\mathrm{d} y', true],
    ['words', 'Nothing but a_few words', false],
    ['words in dollars', '$x$ and words', false],
    ['a figure', body, false],
  ])('of %s may be mathematics: %s', (_, code, expected) => {
    expect(readDocument(code).mayBeMath).toBe(expected);
  });

  it('is a display where it is read as mathematics, and may be that only once', () => {
    const { source, mayBeMath } = readDocument('\\sin t = 0', { pages: 'ink', isMath: true });
    expect(source).toContain('\\begin{document}\\begin{equation*}\\sin t = 0\n\\end{equation*}');
    expect(mayBeMath).toBe(false);
  });

  it('that is longer than a page gets a longer text', () => {
    const { source } = readDocument('words', { pages: 'ink', room: { right: 0, below: 700 } });
    expect(source).toContain('\\AddToHook{begindocument/before}{\\advance\\textheight by 700.00pt }');
  });

  it.each([
    ['\\begin{circuitikz}\\end{circuitikz}', 'circuitikz'],
    ['\\chemfig{A-B}', 'chemfig'],
    ['\\begin{tikzcd}A\\end{tikzcd}', 'tikz-cd'],
    ['\\begin{tabular}{c}\\toprule a\\end{tabular}', 'booktabs'],
    // eslint-disable-next-line pentimento/names -- siunitx names the unit so
    ['$\\SI{5}{\\metre}$', 'siunitx'],
    ['\\begin{tikzpicture}\\pie{1/a,2/b}\\end{tikzpicture}', 'pgf-pie'],
    ['\\begin{subfigure}{2cm}a\\end{subfigure}', 'subcaption'],
    ['\\begin{wrapfigure}{r}{2cm}a\\end{wrapfigure}', 'wrapfig'],
    ['\\begin{mdframed}a\\end{mdframed}', 'mdframed'],
    ['\\begin{algorithm}\\KwIn{a}\\end{algorithm}', 'algorithm2e'],
    ['\\begin{algorithmic}\\State a\\end{algorithmic}', 'algpseudocode'],
    ['\\begin{tikzpicture}\\node[drop shadow]{};\\end{tikzpicture}', 'shadows'],
    ['\\begin{tikzpicture}\\begin{groupplot}\\end{groupplot}\\end{tikzpicture}', 'groupplots'],
  ])('%s loads %s', (code, name) => {
    expect(snippet(code)).toMatch(new RegExp(`\\\\use[a-z]+\\{[^}]*\\b${name}\\b[^}]*\\}`));
  });
});

it('does not load a package beside the one that the snippet loads for the same', () => {
  const { source } = readDocument('\\usepackage{algorithm2e}\\begin{algorithm}a\\end{algorithm}');
  expect(source).not.toMatch(/[{,]algorithm[,}][^\n]*\\usepackage\{algorithm2e\}/);
  expect(readDocument('\\usepackage{subfig}\\subfloat{a}').source).not.toContain('subcaption');
});

describe('a font that is not there', () => {
  const named = (font: string): string =>
    readDocument(whole(`\\documentclass{article}\\usepackage{fontspec}\\setmainfont{${font}}`)).source;

  it.each([
    ['Times New Roman', 'Liberation Serif'],
    ['Arial', 'Liberation Sans'],
    ['Calibri', 'Carlito'],
    ['SimSun', 'FandolSong'],
  ])('%s is %s where it is not there', (font, twin) => {
    expect(named(font)).toMatch(
      new RegExp(`\\\\IfFontExistsTF\\{${font}\\}\\{\\}\\{\\\\defaultfontfeatures\\[${font}\\]\\{[^\\n]*${twin}`),
    );
  });

  it('has no twin if none is known, or for pdfTeX', () => {
    expect(named('Zapfino')).not.toContain('IfFontExistsTF');
    expect(readDocument(whole('\\documentclass{article}', '\\setmainfont{Arial}')).source).not.toContain(
      'IfFontExistsTF',
    );
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
  ['groups', '{'],
  ['fonts', '\\setmainfont{A '],
  ['algorithms', '\\begin{algorithmic}'],
  ['words', 'abc abc '],
])('reads many %s in linear time', (_, piece) => {
  const code = piece.repeat(Math.ceil(300_000 / piece.length));
  const startedAt = performance.now();
  readDocument(code);
  readDocument(`\\begin{document}${code}`);
  readDocument(`\\documentclass{article}${code}`);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
