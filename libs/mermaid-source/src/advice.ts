import { diagramKeyword } from './diagram-kinds.ts';

/** What to write in place of code that Mermaid's grammar refuses. It holds only where the fixed code parses, which the page tries. */
export interface MermaidAdvice {
  /** Sentences, and the lines to write. */
  text: string;
  /** The code with them. */
  fixed: string;
}

interface Rule {
  /** First words of the diagrams that it is for. */
  kinds: RegExp;
  advice: string;
  rewrite(line: string): string;
}

/** Longer lines are left alone: the time of a rewrite may grow with the square of their length. */
const maxLine = 500;
const maxListed = 5;

/** Advice for the common mistakes in the code, if it has any; undefined where none is seen. In linear time. */
export function adviseOn(code: string): MermaidAdvice | undefined {
  const lines = code.split('\n');
  const header = lines.findIndex((line) => diagramKeyword(line) !== undefined);
  if (header < 0) return withoutKeyword(code);
  const applicable = rules.filter(({ kinds }) => kinds.test(lines[header]!));
  const used = new Set<string>();
  const listed: string[] = [];
  const fixed = lines.map((line, at) => {
    if (at <= header || line.length > maxLine || /^\s*%%/.test(line)) return line;
    const rewritten = rewrite(line, applicable, used);
    if (rewritten !== line) listed.push(`Line ${at + 1}: ${rewritten.trim()}`);
    return rewritten;
  });
  if (listed.length === 0) return undefined;
  const more = listed.length > maxListed ? [`and so in ${listed.length - maxListed} more lines`] : [];
  return { text: [[...used].join(' '), ...listed.slice(0, maxListed), ...more].join('\n'), fixed: fixed.join('\n') };
}

function rewrite(line: string, rules: readonly Rule[], used: Set<string>): string {
  let current = line;
  for (const { advice, rewrite } of rules) {
    const next = rewrite(current);
    if (next !== current) used.add(advice);
    current = next;
  }
  return current;
}

function withoutKeyword(code: string): MermaidAdvice | undefined {
  if (/^\s*zenuml\b/.test(code)) return undefined;
  const [keyword, sign] = /-->|---|==>|-\.->/.test(code) ? ['flowchart TD', '-->'] : ['sequenceDiagram', '->>'];
  if (!code.includes(sign!) && !/---|==>|-\.->/.test(code)) return undefined;
  return { text: `The first line must name the kind of diagram: ${keyword}`, fixed: `${keyword}\n${code}` };
}

const escaped = (text: string): string => text.replaceAll('"', '#quot;');
const quoted = (text: string): string => `"${escaped(text.trim())}"`;
/** A label in quotes with other quotes in it, or one whose unquoted signs are part of the grammar. */
const needsQuotes = (label: string): boolean =>
  /^".*"$/.test(label) ? label.slice(1, -1).includes('"') : /[()[\]{}"|<>@]/.test(label);
const inQuotes = (label: string): string => quoted(label.replace(/^"(.*)"$/, '$1'));

/** Shapes of a flowchart's nodes: what opens and what closes the label, longer ones first. */
const shapes: readonly [string, string][] = [
  ['([', '])'],
  ['[[', ']]'],
  ['[(', ')]'],
  ['[/', '/]'],
  ['[\\', '\\]'],
  ['(((', ')))'],
  ['((', '))'],
  ['{{', '}}'],
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
];
const literal = (text: string): string => text.replace(/[[\](){}\\/|]/g, '\\$&');
const labels = shapes.map(([open, close]) => `${literal(open)}(?:"[^"]*"|.+?)${literal(close)}`).join('|');
/** A node with its label, up to where a link, a class or the end of the statement follows; or an edge's label. */
const labeled = new RegExp(
  `(?<=[\\w\\u0080-\\uffff])(?:${labels})(?=\\s*(?:$|;|:::|&|[-=~<]|[ox]--))|\\|[^|]+\\|`,
  'g',
);

function quoteLabels(line: string): string {
  if (/^\s*(?:click|style|classDef|class|linkStyle|subgraph)\b/.test(line) || line.includes('@{')) return line;
  return line.replace(labeled, (whole) => {
    const [open, close] = shapes.find(([open, close]) => whole.startsWith(open) && whole.endsWith(close)) ?? ['|', '|'];
    const label = whole.slice(open.length, whole.length - close.length);
    return needsQuotes(label) ? `${open}${inQuotes(label)}${close}` : whole;
  });
}

const flowcharts = /^(?:flowchart|graph)/;

const rules: readonly Rule[] = [
  {
    kinds: flowcharts,
    advice:
      'Put a label with parentheses, brackets, braces, bars or quotes in quotes, and write a quote within it as #quot;.',
    rewrite: quoteLabels,
  },
  {
    kinds: flowcharts,
    advice: 'Put the title of a subgraph with such signs in quotes.',
    rewrite: (line) =>
      line.replace(/^(\s*subgraph\s+)(.*)$/, (whole, start: string, title: string) => {
        const label = /^([\w-]+\s*)\[(.*)\]\s*$/.exec(title);
        if (label) return needsQuotes(label[2]!) ? `${start}${label[1]}[${inQuotes(label[2]!)}]` : whole;
        return needsQuotes(title) ? `${start}${inQuotes(title)}` : whole;
      }),
  },
  {
    kinds: flowcharts,
    advice: 'The words of the grammar are no names of nodes: write "end" as End, "style" as Style.',
    rewrite: (line) =>
      line.replace(
        /(^\s*|[-=.][->]\s*|\|\s*|&\s*)(end|style|class|click|linkStyle|subgraph)(?=\s*(?:--|==|-\.|[[({]|&|;|$))/g,
        (whole, before: string, name: string) => (line.trim() === name ? whole : before + capitalized(name)),
      ),
  },
  {
    kinds: flowcharts,
    advice: 'A link has two dashes or more: --> or ---.',
    rewrite: (line) =>
      line
        .replace(/(?<=[\w\])}]\s*)(?<![-=.<])->(?=\s*[\w|])/g, '-->')
        .replace(/--\s*(".*?")\s*--(?=\s*[\w])(?![->])/g, '-- $1 ---'),
  },
  {
    kinds: /^sequenceDiagram/,
    advice: 'In a text, write a semicolon as #59;.',
    rewrite: (line) =>
      line.replace(/^([^:]*:)(.*\S)(\s*)$/, (_, before: string, text: string, after: string) => {
        return before + text.replace(/(?<!#\w+);(?!$)/g, '#59;') + after;
      }),
  },
  {
    kinds: /^sequenceDiagram/,
    advice: 'The word "end" is no name of a participant: write end_, with its name behind "as".',
    rewrite: (line) =>
      line
        .replace(/^(\s*(?:participant|actor)\s+)end\s*$/i, '$1end_ as end')
        .replace(/^(\s*(?:de)?activate\s+)end(?=\s*$)/i, '$1end_')
        .replace(/^(\s*)end(?=\s*(?:--?>|--?[x)]|<<))/i, '$1end_')
        .replace(/^([^:]*[->x)]\s*[-+]?)end(?=\s*:)/i, '$1end_'),
  },
  {
    kinds: /^erDiagram/,
    advice: 'Put names and labels of several words in quotes.',
    rewrite: (line) =>
      line.replace(
        /^(\s*)(\S.*?)(\s+[|}][|o](?:--|\.\.)[|o][|{]\s+)(\S.*?)\s*:\s*(\S.*?)\s*$/,
        (_, indent: string, left: string, link: string, right: string, label: string) =>
          `${indent}${ofWords(left)}${link}${ofWords(right)} : ${ofWords(label)}`,
      ),
  },
  {
    kinds: /^pie/,
    advice: 'Put the names of slices in quotes.',
    rewrite: (line) => line.replace(/^(\s*)([^":]*[^":\s])\s*:\s*([\d.]+)\s*%?\s*$/, '$1"$2" : $3'),
  },
  {
    kinds: /^quadrantChart/,
    advice: 'Put texts with other signs than letters, digits and spaces in quotes.',
    rewrite: (line) =>
      line
        .replace(/^(\s*)([^":]*[^":\w\s][^":]*?)\s*:\s*(\[[^\]]*\].*)$/, '$1"$2": $3')
        .replace(/^(\s*quadrant-[1-4]\s+)([^"]*[^"\w\s][^"]*?)\s*$/, '$1"$2"'),
  },
  {
    kinds: /^xychart/,
    advice: 'Put texts with other signs than letters, digits and spaces in quotes.',
    rewrite: (line) =>
      line
        .replace(/^(\s*title\s+)([^"]*[^"\w\s][^"]*?)\s*$/, '$1"$2"')
        .replace(/^(\s*[xy]-axis\s+)([^"[]*[^"\w\s[.][^"[]*?)(\s*(?:\[.*|[-\d.]+\s*-->.*)?)$/, '$1"$2"$3')
        .replace(/^(\s*x-axis\s.*?\[)([^"\]]*[^"\],\w\s][^"\]]*)\]/, (_, start: string, names: string) => {
          return `${start}${names.split(',').map(quoted).join(', ')}]`;
        }),
  },
];

const capitalized = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
const ofWords = (name: string): string => (/^[\w-]+$|^"[^"]*"$|\[/.test(name) ? name : inQuotes(name));
