import type { Styles } from './style.ts';

const raw = String.raw;
const teal = '2a9d8f';
const colour = raw`\definecolor{own}{HTML}{2A9D8F}`;
const picture = raw`\begin{tikzpicture}${colour}\fill[own] (0,0) rectangle (3,2);\draw[thick] (0,0) -- (3,2) node[above] {$x^2$};\end{tikzpicture}`;
const likePicture = (code: string): Styles[string] => ({ code, like: 'a picture alone' });

export const latexStyles: Styles = {
  'a picture alone': { code: picture, shows: [teal] },
  standalone: {
    code: raw`\documentclass{standalone}\usepackage{tikz}\begin{document}${picture}\end{document}`,
    shows: [teal],
  },
  article: likePicture(raw`\documentclass{article}\usepackage{tikz}\begin{document}${picture}\end{document}`),
  'article with options and a page': likePicture(raw`\documentclass[a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage{tikz}
\usetikzlibrary{arrows.meta,positioning}
\pagestyle{empty}
\begin{document}
${picture}
\end{document}`),
  'no document class but packages': { code: raw`\usepackage{tikz}\usetikzlibrary{calc}${picture}`, shows: [teal] },
  'a figure in the middle': {
    code: raw`\documentclass{article}\usepackage{tikz}\begin{document}\begin{figure}[h]\centering ${picture}\caption{A picture}\end{figure}\end{document}`,
    shows: [teal],
  },
  'a standalone with a border': {
    code: raw`\documentclass[tikz,border=5pt]{standalone}\begin{document}${picture}\end{document}`,
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
  'coloured by name': {
    code: raw`\documentclass{article}\usepackage[dvipsnames]{xcolor}\usepackage{tikz}\begin{document}\tikz\fill[ForestGreen] (0,0) rectangle (2,2);\end{document}`,
    unlike: '\\tikz',
  },
  'letters with accents': {
    code: raw`\documentclass{article}\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\begin{document}Žluťoučký kůň ñ é ß\end{document}`,
    unlike: 'a picture alone',
  },
  'comments and empty lines': likePicture(`% a comment\n\n${picture}\n\n% the end\n`),
};

export const smilesStyles: Styles = {
  aspirin: { code: 'CC(=O)Oc1ccccc1C(=O)O', shows: ['ff0000'] },
  'aromatic rings by bonds': { code: 'CC(=O)OC1=CC=CC=C1C(=O)O', like: 'aspirin' },
  'empty space around it': { code: '\n  CC(=O)Oc1ccccc1C(=O)O \n', like: 'aspirin' },
  'a name behind it': { code: 'CC(=O)Oc1ccccc1C(=O)O aspirin', like: 'aspirin' },
  'stereo centres': { code: 'C[C@@H](N)C(=O)O', unlike: 'the other hand' },
  'the other hand': { code: 'C[C@H](N)C(=O)O' },
  'a salt with charges': { code: '[Na+].[O-]C(=O)c1ccccc1', shows: ['ff0000'] },
  'a large molecule': {
    code: 'CC(C)CC1NC(=O)C(CC(C)C)NC(=O)C(Cc2ccccc2)NC(=O)C(CCCN)NC(=O)C(C(C)C)NC(=O)C2CCCN2C1=O',
    unlike: 'aspirin',
  },
  'isotopes and hydrogens': { code: '[2H]C([2H])([2H])[13CH2]O', unlike: 'aspirin' },
};

const flow = 'flowchart LR\n  A[Start] --> B{Choice}\n  B -->|yes| C[End]\n  style A fill:#2a9d8f\n';

export const mermaidStyles: Styles = {
  flow: { code: flow, shows: [teal] },
  'graph for flowchart': { code: flow.replace('flowchart', 'graph'), unlike: 'a conversation' },
  'comments and empty lines': { code: `\n%% a comment\n${flow}\n\n%% the end`, like: 'flow' },
  'lines ended by semicolons': { code: flow.replaceAll('\n', ';\n'), shows: [teal] },
  'a directive': { code: `%%{init: {"theme": "forest"}}%%\n${flow}`, unlike: 'flow' },
  'front matter': { code: `---\ntitle: Steps\n---\n${flow}`, unlike: 'flow' },
  'a conversation': {
    code: 'sequenceDiagram\n  participant A\n  A->>B: Hello\n  B-->>A: Hi\n  Note over A,B: talk\n  loop again\n    A->>B: x\n  end',
  },
  classes: { code: 'classDiagram\n  Animal <|-- Duck\n  Animal : +int age\n  class Duck { +swim() }', unlike: 'flow' },
  states: { code: 'stateDiagram-v2\n  [*] --> Still\n  Still --> Moving\n  Moving --> [*]', unlike: 'flow' },
  entities: { code: 'erDiagram\n  CUSTOMER ||--o{ ORDER : places\n  ORDER { int id PK }', unlike: 'flow' },
  'a plan': {
    code: 'gantt\n  title Plan\n  dateFormat YYYY-MM-DD\n  section A\n  one :a1, 2024-01-01, 30d\n  two :after a1, 20d',
    unlike: 'flow',
  },
  'a pie': { code: 'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85', unlike: 'flow' },
  'a mind map': { code: 'mindmap\n  root((middle))\n    one\n    two\n      three', unlike: 'flow' },
  'a time line': { code: 'timeline\n  title History\n  2002 : one\n  2004 : two : three', unlike: 'flow' },
  'a chart': { code: 'xychart-beta\n  x-axis [a, b, c]\n  bar [1, 3, 2]', unlike: 'flow' },
  branches: {
    code: 'gitGraph\n  commit\n  branch develop\n  commit\n  checkout main\n  merge develop',
    unlike: 'flow',
  },
  'letters of another script': { code: 'flowchart TD\n  甲[开始] --> 乙[结束]', unlike: 'flow' },
};
