import type { Span } from './span.ts';

/** A TikZ or PGFPlots statement, with its semicolon. */
interface Statement extends Span {
  command: string;
}

export interface Latex {
  code: string;
  /** The code with spaces in place of its comments: the same places, and nothing in it that TeX does not read. */
  masked: string;
  /** Between `\begin{document}` and `\end{document}`; all of the code where it has no document. */
  body: Span;
  /** What stands in `[...]`, and in the braces of \tikzset, \pgfplotsset and values of options. */
  options: Span[];
  /** Arguments that are colors: of \color, \textcolor, \colorbox, \definecolor's names excluded. */
  colorArguments: Span[];
  /** Six hexadecimal digits of \definecolor{...}{HTML}{...}. */
  hexColors: Span[];
  /** Shown text without commands: arguments of nodes, titles, labels, legends, headings; cells and lines of prose. */
  texts: Span[];
  math: Span[];
  statements: Statement[];
  /** Rows of tables, with the `\` behind them. */
  rows: Span[];
  /** Cells of tables. */
  cells: Span[];
  /** Entries of lists, from their \item to the next. */
  items: Span[];
  /** Coordinates, tables and formulas that plots draw. */
  plots: Span[];
}

/** Groups and statements longer than this are left alone, so that reading takes linear time. */
const maxGroupLength = 20_000;
const statementPattern = /\\(draw|fill|filldraw|node|path|shade|addplot\+?|coordinate|matrix|clip)(?![A-Za-z])/g;
const textOptions = /(?:title|label|xlabel|ylabel|zlabel|legend entries|[xy]ticklabels)\s*=\s*(\{)/g;
const textCommands =
  /\\(?:textbf|textit|emph|section\*?|subsection\*?|caption|title|author|text|mbox|addlegendentry|textsc|underline|footnotesize|textrm)\s*(\{)/g;

/** The parts of LaTeX code that can be told without running it, by their places. Works on fragments as on documents. */
export function readLatex(code: string): Latex {
  const masked = withoutComments(code);
  const body = bodyOf(masked);
  const statements = statementsOf(masked, body);
  const tables = insideOf(
    masked,
    /\\begin\{(?:tabular[x*]?|array|longtable|matrix|[bpv]matrix|align\*?|cases)\}/g,
    '\\end{',
  );
  const rows = tables.flatMap((table) => rowsOf(masked, table));
  const cells = rows.flatMap((row) => cellsOf(masked, row));
  const nodes = statements.flatMap((statement) => nodeTexts(masked, statement));
  const named = [...groupsAfter(masked, textCommands, body), ...groupsAfter(masked, textOptions, body)];
  return {
    code,
    masked,
    body,
    options: optionsOf(masked, body),
    colorArguments: groupsAfter(masked, /\\(?:color|textcolor|colorbox|pagecolor|rowcolor|cellcolor)\s*(\{)/g, body),
    hexColors: groupsAfter(masked, /\\definecolor\s*\{[^}]*\}\s*\{HTML\}\s*(\{)/g, { start: 0, end: masked.length }),
    texts: [...nodes, ...named, ...cells, ...itemsOf(masked, body).map(withoutItem(masked)), ...proseOf(masked, body)],
    math: mathOf(masked, body),
    statements,
    rows,
    cells,
    items: itemsOf(masked, body),
    plots: statements
      .filter(({ command }) => command.startsWith('addplot'))
      .map((statement) => plotData(masked, statement)),
  };
}

const withoutComments = (code: string): string =>
  code.replace(/(\\[^\n])|%[^\n]*/g, (whole, escaped: string | undefined) => escaped ?? ' '.repeat(whole.length));

function bodyOf(masked: string): Span {
  const begin = /\\begin\s*\{document\}/.exec(masked);
  const end = masked.lastIndexOf('\\end{document}');
  return begin
    ? { start: begin.index + begin[0].length, end: end === -1 ? masked.length : end }
    : { start: 0, end: masked.length };
}

/** The index just behind the bracket that closes the one at `open`; undefined where none does before long. */
function closingOf(text: string, open: number): number | undefined {
  const pairs: Record<string, string> = { '{': '}', '[': ']', '(': ')' };
  const [opening, closing] = [text[open]!, pairs[text[open]!]!];
  let depth = 0;
  let braces = 0;
  for (let at = open; at < Math.min(text.length, open + maxGroupLength); at++) {
    const character = text[at]!;
    if (character === '\\') at++;
    else if (opening !== '{' && character === '{') braces++;
    else if (opening !== '{' && character === '}') braces--;
    else if (character === opening && braces === 0) depth++;
    else if (character === closing && braces === 0 && --depth === 0) return at + 1;
    if (braces < 0) return undefined;
  }
  return undefined;
}

/** The contents of the brace that the last character of each match opens. */
function groupsAfter(masked: string, pattern: RegExp, { start, end }: Span): Span[] {
  return [...masked.slice(start, end).matchAll(pattern)].flatMap((match) => {
    const open = start + match.index + match[0].length - 1;
    const close = closingOf(masked, open);
    return close === undefined ? [] : [{ start: open + 1, end: close - 1 }];
  });
}

function optionsOf(masked: string, { start, end }: Span): Span[] {
  const spans: Span[] = groupsAfter(masked, /\\(?:tikzset|pgfplotsset)\s*(\{)/g, { start: 0, end: masked.length });
  for (let at = masked.indexOf('[', start); at !== -1 && at < end; at = masked.indexOf('[', at + 1)) {
    const close = closingOf(masked, at);
    if (close !== undefined) spans.push({ start: at + 1, end: close - 1 });
  }
  return spans;
}

/** From a command to the semicolon outside of its braces. */
function statementsOf(masked: string, { start, end }: Span): Statement[] {
  const found: Statement[] = [];
  for (const match of masked.slice(0, end).matchAll(statementPattern)) {
    if (match.index < (found.at(-1)?.end ?? start)) continue;
    const close = semicolonAfter(masked, match.index, end);
    if (close !== undefined) found.push({ command: match[1]!.replace('+', ''), start: match.index, end: close });
  }
  return found;
}

function semicolonAfter(masked: string, from: number, end: number): number | undefined {
  let depth = 0;
  for (let at = from; at < Math.min(end, from + maxGroupLength); at++) {
    const character = masked[at];
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (character === ';' && depth === 0) return at + 1;
    if (depth < 0) return undefined;
  }
  return undefined;
}

/** What stands in the braces behind `node`, its options and its name. */
function nodeTexts(masked: string, { start, end }: Statement): Span[] {
  return groupsAfter(masked, /(?:\\node|\bnode)\s*(?:\[(?:[^\][]|\[[^\]]*\])*\]|\([^)]*\)|at\s*\([^)]*\)|\s)*(\{)/g, {
    start,
    end,
  });
}

/** What lies between the opening of an environment and the next end. */
function insideOf(masked: string, begin: RegExp, end: string): Span[] {
  return [...masked.matchAll(begin)].flatMap((match) => {
    let at = match.index + match[0].length;
    while (masked[at] === '{' || masked[at] === '[') at = closingOf(masked, at) ?? masked.length;
    const close = masked.indexOf(end, at);
    return close === -1 ? [] : [{ start: at, end: close }];
  });
}

function rowsOf(masked: string, { start, end }: Span): Span[] {
  const rows: Span[] = [];
  let from = start;
  for (const match of masked.slice(start, end).matchAll(/\\\\(?:\[[^\]]*\])?/g)) {
    const to = start + match.index + match[0].length;
    rows.push({ start: from + skippedBefore(masked.slice(from, to)), end: to });
    from = to;
  }
  return rows;
}

/** Rules and space in front of a row. */
const skippedBefore = (text: string): number =>
  /^(?:\s|\\(?:hline|toprule|midrule|bottomrule|cline\{[^}]*\}|cmidrule\{[^}]*\}))*/.exec(text)![0].length;

function cellsOf(masked: string, { start, end }: Span): Span[] {
  let from = start;
  return masked
    .slice(start, end)
    .replace(/\\\\(?:\[[^\]]*\])?$/, '')
    .split(/(?<!\\)&/)
    .map((cell) => {
      const span = { start: from, end: from + cell.length };
      from = span.end + 1;
      return span;
    });
}

function itemsOf(masked: string, { start, end }: Span): Span[] {
  return [...masked.slice(0, end).matchAll(/\\item(?![A-Za-z])/g)]
    .filter(({ index }) => index >= start)
    .map(({ index }) => {
      const next = masked.slice(index + 5).search(/\\item(?![A-Za-z])|\\end\{/);
      return { start: index, end: next === -1 ? end : index + 5 + next };
    });
}

const withoutItem =
  (masked: string) =>
  ({ start, end }: Span): Span => ({
    start: start + /^\\item\s*(?:\[[^\]]*\])?\s*/.exec(masked.slice(start, end))![0].length,
    end,
  });

/** Lines of the body that hold words and hardly anything else. */
function proseOf(masked: string, { start, end }: Span): Span[] {
  let at = start;
  return masked
    .slice(start, end)
    .split('\n')
    .map((line) => {
      const span = { start: at, end: at + line.length };
      at += line.length + 1;
      return span;
    })
    .filter(({ start: from, end: to }) => /^\s*[A-Z][\w ,.'()-]{8,}(?:\\\\)?\s*$/.test(masked.slice(from, to)));
}

function mathOf(masked: string, { start, end }: Span): Span[] {
  return [
    ...masked
      .slice(start, end)
      .matchAll(/(?<!\\)\$([^$]+)\$|\\\[([^]*?)\\\]|\\begin\{(?:equation|align)\*?\}([^]*?)\\end\{/g),
  ].map((match) => {
    const from = start + match.index;
    return { start: from, end: from + match[0].length };
  });
}

/** The data of a plot: what lies behind its options. */
function plotData(masked: string, { start, end }: Statement): Span {
  const open = /^\\addplot\+?\s*(?=\[)/.exec(masked.slice(start, end));
  const from = open ? (closingOf(masked, start + open[0].length) ?? start) : start;
  return { start: from, end };
}
