import { createHash } from 'node:crypto';
import { leadingCommands, skipBlank, withoutComments } from './commands.ts';
import type { TexDocument } from './document.ts';

/** A beginning of a document that TeX can read ahead and keep as a format. */
export interface Cut {
  /** Digest of the text: only the very same beginning ever gets the format. */
  key: string;
  prefix: string;
}

const loadingCommands = new Set([
  'documentclass',
  'usepackage',
  'RequirePackage',
  'PassOptionsToPackage',
  'usetikzlibrary',
  'usepgfplotslibrary',
  'usepgflibrary',
  'pgfplotsset',
  'pdfsetrandomseed',
]);

/** What a format does not keep, or what asks where in the file it stands. */
const notKept =
  /\\(?:open(?:in|out)|newread|newwrite|immediate|write|read|includegraphics|pgfplotstableread|dump|everyjob|shipout|tikzexternalize|makeindex|inputlineno|endinput|input|include|pdf(?:map|obj|ximage|refximage|filedump|elapsedtime|resettimer)\w*|usetikzlibrary\s*\{[^}]{0,500}external)|\{filecontents/;

/** Beginnings of the document for formats, the longest first: the whole preamble, and what it loads. None where that is not safe. */
export function cutsOf({ engine, source }: TexDocument): Cut[] {
  if (engine !== 'pdflatex') return [];
  const bare = withoutComments(source);
  const end = bare.search(/\\begin\s*\{document\}/);
  if (end === -1 || notKept.test(bare.slice(0, end))) return [];
  const start = source.indexOf('\\relax ') + '\\relax '.length;
  const loading = leadingCommands(source.slice(start, end), loadingCommands);
  const loaded = loading.length > 0 ? start + loading.at(-1)!.end : end;
  const ends = skipBlank(source, loaded) >= end ? [end] : [end, loaded];
  return ends.map((at) => cutAt(source.slice(0, at)));
}

function cutAt(prefix: string): Cut {
  return { key: createHash('sha256').update(prefix).digest('hex'), prefix };
}

/** The rest of the document behind the cut, its lines numbered as in the whole. */
export function restAfter({ prefix }: Cut, source: string): string {
  const lines = prefix.split('\n').length - 1;
  return '%\n'.repeat(lines) + source.slice(prefix.length);
}

/** What makes the format of the cut. */
export const dumping = ({ prefix }: Cut): string => `${prefix}\n\\dump\n`;
