import type { Styles } from '../../../port/samples.ts';

const raw = String.raw;
const teal = '2a9d8f';
const color = raw`\definecolor{own}{HTML}{2A9D8F}`;
const tikzCode = raw`\begin{tikzpicture}${color}\fill[own] (0,0) rectangle (3,2);\draw[thick] (0,0) -- (3,2) node[above] {$x^2$};\end{tikzpicture}`;
const likeTikz = (code: string): Styles[string] => ({ code, like: 'a picture alone' });

export const latexStyles: Styles = {
  'a picture alone': { code: tikzCode, shows: [teal] },
  standalone: {
    code: raw`\documentclass{standalone}\usepackage{tikz}\begin{document}${tikzCode}\end{document}`,
    shows: [teal],
  },
  article: likeTikz(raw`\documentclass{article}\usepackage{tikz}\begin{document}${tikzCode}\end{document}`),
  'article with options and a page': likeTikz(raw`\documentclass[10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{tikz}
\usetikzlibrary{arrows.meta,positioning}
\pagestyle{empty}
\begin{document}
${tikzCode}
\end{document}`),
  'a report': likeTikz(raw`\documentclass{report}\usepackage{tikz}\begin{document}${tikzCode}\end{document}`),
  'running heads': likeTikz(
    raw`\documentclass{article}\usepackage{tikz,fancyhdr}\pagestyle{fancy}\begin{document}${tikzCode}\end{document}`,
  ),
  'no document class but packages': { code: raw`\usepackage{tikz}\usetikzlibrary{calc}${tikzCode}`, shows: [teal] },
  'a figure in the middle': {
    code: raw`\documentclass{article}\usepackage{tikz}\begin{document}\begin{figure}[h]\centering ${tikzCode}\caption{A picture}\end{figure}\end{document}`,
    shows: [teal],
  },
  'a standalone with a border': {
    code: raw`\documentclass[tikz,border=5pt]{standalone}\begin{document}${tikzCode}\end{document}`,
    shows: [teal],
  },
  '\\tikz': { code: raw`\tikz \fill[red] (0,0) rectangle (2,2);`, shows: ['ff0000'] },
  plots: {
    code: raw`\begin{tikzpicture}\begin{axis}[xlabel=$x$]\addplot[blue,thick] {x^2};\addplot[red,only marks] coordinates {(0,0) (2,4)};\end{axis}\end{tikzpicture}`,
    shows: ['0000ff', 'ff0000'],
  },
  'a plot with its own compatibility': {
    code: raw`\documentclass{standalone}\usepackage{pgfplots}\pgfplotsset{compat=1.17}\begin{document}\begin{tikzpicture}\begin{axis}[ybar]\addplot[fill=blue] coordinates {(1,2) (2,3)};\end{axis}\end{tikzpicture}\end{document}`,
    shows: ['0000ff'],
  },
  circuits: {
    code: raw`\begin{circuitikz}\draw (0,0) to[R=$R$] (2,0) to[C] (4,0) to[battery1] (4,-2) -- (0,-2) -- (0,0);\end{circuitikz}`,
    unlike: 'a picture alone',
  },
  molecules: { code: raw`\chemfig{*6(-=-(-OH)=-=)}`, unlike: 'a picture alone' },
  'a molecule in a document': {
    code: raw`\documentclass{article}\usepackage{chemfig}\begin{document}\chemfig{A-B=C}\end{document}`,
    unlike: 'a picture alone',
  },
  'diagrams of arrows': {
    code: raw`\begin{tikzcd} A \arrow[r, "f"] \arrow[d] & B \arrow[d] \\ C \arrow[r] & D \end{tikzcd}`,
    unlike: 'a picture alone',
  },
  'mathematics on its own line': {
    code: raw`\[ \int_0^1 \frac{\sin x}{x}\,dx = \sum_{n=0}^\infty a_n \]`,
    unlike: 'a picture alone',
  },
  'mathematics in dollars': { code: raw`$E = mc^2$`, unlike: 'a picture alone' },
  align: { code: raw`\begin{align} a &= b + c \\ d &= e \end{align}`, unlike: 'a picture alone' },
  'a matrix in an equation': {
    code: raw`\begin{equation*} A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \end{equation*}`,
    unlike: 'a picture alone',
  },
  'a table': {
    code: raw`\begin{tabular}{|l|r|}\hline a & 1 \\ \hline b & 2 \\ \hline\end{tabular}`,
    unlike: 'a picture alone',
  },
  'colored by name': {
    code: raw`\documentclass{article}\usepackage[dvipsnames]{xcolor}\usepackage{tikz}\begin{document}\tikz\fill[ForestGreen] (0,0) rectangle (2,2);\end{document}`,
    unlike: '\\tikz',
  },
  'letters with accents': {
    code: raw`\documentclass{article}\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\begin{document}Žluťoučký kůň ñ é ß\end{document}`,
    unlike: 'a picture alone',
  },
  'comments and empty lines': likeTikz(`% a comment\n\n${tikzCode}\n\n% the end\n`),
};
