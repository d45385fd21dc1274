import { expect, it } from 'vitest';
import type { FlawKind } from '@pentimento/contracts';
import { changesOf } from '../testing/changes.ts';
import { samples } from '../testing/samples.ts';
import { latex } from './latex.ts';

const raw = String.raw;
const changes = (kind: FlawKind, code = samples['latex']!) => changesOf(latex, code, kind);
const plot = raw`\begin{tikzpicture}\begin{axis}[width=8cm,xlabel={time},ymin=0]
\addplot[blue,mark=*] coordinates {(0,1.5) (1,2)};\addlegendentry{patches}
\end{axis}\end{tikzpicture}`;
const table = raw`\begin{tabular}{lr}
\hline
Ferry & 12.50 \\
Night boat & 7 \\
\end{tabular}`;

it('changes colors of options, of commands and of definitions, and none of comments', () => {
  expect(changes('wrong-color')).toEqual(expect.arrayContaining(['blue -> red', 'red -> blue']));
  expect(changes('wrong-color').filter((change) => change.startsWith('red'))).toHaveLength(7);
  expect(changes('wrong-color', raw`\textcolor{red!70}{a}`)).toContain('red -> blue');
  expect(changes('wrong-color', raw`\definecolor{own}{HTML}{2A9D8F}`)).toContain('2A9D8F -> D62728');
  expect(changes('wrong-color', raw`\node {red apple};`)).toEqual([]);
});

it('changes text of nodes, titles, labels, legends and cells, and Greek letters', () => {
  expect(changes('wrong-label')).toEqual(expect.arrayContaining(['Open water -> Open waetr', 'depth 12 -> detph 12']));
  expect(changes('wrong-label', plot)).toEqual(expect.arrayContaining(['time -> tmie', 'patches -> pathces']));
  expect(changes('wrong-label', table)).toContain('Ferry  -> Fery ');
  expect(changes('wrong-label', raw`$\alpha + 1$`)).toContain('alpha -> beta');
});

it('changes data of plots and tables, limits and numbers in text', () => {
  expect(changes('wrong-number', plot)).toEqual(expect.arrayContaining(['1.5 -> 2.3', '2 -> 1', '0 -> 1']));
  expect(changes('wrong-number', table)).toEqual(expect.arrayContaining(['12.50 -> 18.75', '7 -> 4']));
  expect(changes('wrong-number')).toContain('12 -> 18');
});

it('takes out statements, rows and items, and repeats them', () => {
  expect(changes('missing-element')).toContain(raw`\fill[red] (1,1) circle (2pt); -> `);
  expect(changes('missing-element', table)).toContain(raw`Ferry & 12.50 \\ -> `);
  expect(changes('missing-element', raw`\begin{itemize}\item one \item two\end{itemize}`)).toContain(
    raw`\item two -> `,
  );
  expect(changes('extra-element')).toContain(
    raw` ->  \begin{scope}[shift={(0.5,0.4)}] \fill[red] (1,1) circle (2pt); \end{scope}`,
  );
  expect(changes('extra-element', plot)).toContain(raw` ->  \addplot[red,very thick] coordinates {(0,1.5) (1,2)};`);
  expect(changes('extra-element', table)).toContain(` -> \n${raw`Ferry & 12.50 \\`}`);
});

it('moves points and named positions, and none of a plot', () => {
  expect(changes('shifted-part')).toEqual(
    expect.arrayContaining(['(3,2) -> (3.6,2)', '(1,1) -> (1,1.5)', 'above -> below']),
  );
  expect(changes('shifted-part', plot)).toEqual([]);
  expect(changes('shifted-part', raw`\draw[xshift=5pt] (0,0) to[bend left=20] (1,0);`)).toEqual(
    expect.arrayContaining(['5 -> 10', '20 -> 8']),
  );
});

it('resizes', () => {
  expect(changes('resized-part')).toContain('2 -> 4.4');
  expect(changes('resized-part', plot)).toContain('8 -> 12');
  expect(changes('resized-part', raw`\node[font=\large] {a};`)).toContain('large -> footnotesize');
});

it('breaks braces, brackets, dollars, semicolons and environments', () => {
  const broken = changes('broken-syntax', `${samples['latex']!}$x$`);
  expect(broken).toEqual(expect.arrayContaining(['} -> ', '] -> ', '; -> ', '$ -> ', raw`\end{tikzpicture} -> `]));
});

it('uses wrong commands and keys', () => {
  expect(changes('wrong-call')).toEqual(
    expect.arrayContaining(['draw -> fill', 'draw -> drawline', 'thick -> thicker']),
  );
  expect(changes('wrong-call', raw`\frac{a}{b} \\draw`)).toEqual(['frac -> fraction', 'frac -> binom']);
});
