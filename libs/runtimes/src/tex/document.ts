import { readCommand, withoutComments } from './commands.ts';
import { engineOf, seedOf, type Engine } from './engine.ts';
import { twinsOf } from './font-twins.ts';
import { inkHead } from './ink-head.ts';
import { publishedArticle, publishedSnippetHead } from './published.ts';
import { readSnippet, type Enclosure } from './snippet.ts';

/** How a page becomes an image: `ink` crops it to what is drawn on it; `published` typesets an article as the published reward does. */
type LatexPages = 'ink' | 'published';

/** What a page gets in addition because it was cut off, in TeX points. */
export interface Room {
  right: number;
  below: number;
}

export interface DocumentOptions {
  pages: LatexPages;
  room?: Room;
  /** A snippet that shows no mathematics by its signs is mathematics all the same. */
  isMath?: boolean;
}

/** A whole document for TeX. It has the same lines as the code: every addition is within a line. */
export interface TexDocument {
  engine: Engine;
  source: string;
  /** What was added to the code and is left out of error messages. */
  additions: string[];
  /** What determines the size of the image: the page, its ink, a figure, a line with its contents, or the contents of a snippet. */
  crop: 'none' | 'ink' | 'tikz' | 'varwidth' | 'preview';
  /** It is a snippet, which has no paper of its own. */
  isSnippet: boolean;
  /** It is a snippet that may be mathematics without a sign that says so. */
  mayBeMath: boolean;
}

/**
 * The document that a model's code means. A document of a class for paper is typeset as it is, without running heads, and its pages are
 * cropped; a snippet becomes an article; a document whose pages are pictures already is unchanged.
 */
export function readDocument(code: string, options: DocumentOptions = { pages: 'ink' }): TexDocument {
  const text = code.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const bare = withoutComments(text);
  const engine = engineOf(text, bare);
  const seed = seedOf[engine] + twinsOf(engine, bare);
  const document = /\\documentclass\b/.test(bare)
    ? whole(text, bare, engine, options)
    : wrapped(text, bare, engine, options);
  return { ...document, engine, source: seed + document.source, additions: [seed, ...document.additions] };
}

type DocumentWithoutEngine = Omit<TexDocument, 'engine'>;

/** Classes whose page is the picture, by the author's own measure. */
const imageClasses = new Set(
  'standalone beamer tikzposter a0poster baposter sciposter betterposter powerdot prosper'.split(' '),
);

const noRoom: Room = { right: 0, below: 0 };

function whole(
  text: string,
  bare: string,
  engine: Engine,
  { pages, room = noRoom }: DocumentOptions,
): DocumentWithoutEngine {
  const isOwn = { isSnippet: false, mayBeMath: false };
  const at = bare.search(/\\documentclass\b/);
  const command = readCommand(text, at);
  const name = command?.groups[0]?.trim();
  const article = pages === 'published' && command && name === 'article';
  if (article) return { ...publishedArticle(text, bare, { ...command, start: at }, room.right), ...isOwn };
  const isImage = name === undefined || imageClasses.has(name);
  if (pages === 'published' || isImage) return { source: text, additions: [], crop: 'none', ...isOwn };
  const head = inkHead(engine, room, false);
  return { source: text.slice(0, at) + head + text.slice(at), additions: [head], crop: 'ink', ...isOwn };
}

function wrapped(text: string, bare: string, engine: Engine, options: DocumentOptions): DocumentWithoutEngine {
  const { pages, room = noRoom, isMath = false } = options;
  const isInk = pages === 'ink';
  const { hoisted, preamble, enclosure, mayBeMath } = readSnippet(text, bare);
  const head =
    (isInk ? inkHead(engine, room, true) + '\\documentclass{article}' : publishedSnippetHead(room.right)) + preamble;
  const crop = isInk ? 'ink' : 'preview';
  const kinds = { crop, isSnippet: true } as const;
  if (/\\begin\s*\{document\}/.test(bare)) {
    return { source: head + text, additions: [head], ...kinds, mayBeMath: false };
  }
  const [open, close] = isMath ? mathIn(text.slice(hoisted), isInk) : around(enclosure, text.slice(hoisted), isInk);
  const start = `\\begin{document}${open}`;
  const end = `${close}\\end{document}`;
  return {
    source: `${head}${text.slice(0, hoisted)}${start}${withoutEmptyEnd(text.slice(hoisted))}\n${end}\n`,
    additions: [head, start, end],
    ...kinds,
    mayBeMath: mayBeMath && !isMath,
  };
}

function around(enclosure: Enclosure, body: string, isInk: boolean): [open: string, close: string] {
  if (enclosure === 'math') return mathIn(body, isInk);
  return enclosure === 'none' ? ['', ''] : [`\\begin{${enclosure}}`, `\\end{${enclosure}}`];
}

/** A display takes tags; one of several columns or lines takes those too. On a page as wide as its contents, a formula in a line. */
function mathIn(body: string, isInk: boolean): [open: string, close: string] {
  if (!isInk) return ['$\\displaystyle ', '$'];
  const name = /&|\\\\/.test(body) ? 'align*' : 'equation*';
  return [`\\begin{${name}}`, `\\end{${name}}`];
}

/** Empty lines after a figure would end a paragraph, which is as wide as a page; in a formula they are an error. */
function withoutEmptyEnd(text: string): string {
  const lines = text.split('\n');
  while (lines.length > 1 && /^\s*(?:%|$)/.test(lines.at(-1)!)) lines.pop();
  return lines.join('\n');
}
