import { createHash } from 'node:crypto';
import { leadingCommands, skipBlank, withoutComments } from './commands.ts';
import type { TexDocument } from './document.ts';
import { seedOf } from './engine.ts';

/** The beginning of a document, up to a point in its preamble or its end, that TeX can read in advance and keep as a format. */
export interface PreamblePrefix {
  /** Digest of the text, so that only a document with exactly this beginning gets the format. */
  key: string;
  text: string;
}

const loadingCommands = new Set([
  'AddToHook',
  'documentclass',
  'usepackage',
  'RequirePackage',
  'PassOptionsToPackage',
  'usetikzlibrary',
  'usepgfplotslibrary',
  'usepgflibrary',
  'pgfplotsset',
]);

/** Commands whose effect a format does not keep, or that depend on their line. */
const notKept =
  /\\(?:open(?:in|out)|newread|newwrite|immediate|write|read|includegraphics|pgfplotstableread|dump|everyjob|shipout|tikzexternalize|makeindex|inputlineno|endinput|input|include|pdf(?:setrandomseed|uniformdeviate|normaldeviate|map|obj|ximage|refximage|filedump|elapsedtime|resettimer)\w*|usetikzlibrary\s*\{[^}]{0,500}external)|\{filecontents/;

/** The prefixes that end at these indexes of the source. */
export const prefixesTo = (ends: readonly number[], source: string): PreamblePrefix[] =>
  ends.map((at) => prefixOf(source.slice(0, at)));

/**
 * Where the prefixes of the document for formats end, longest first: the whole preamble, and its loading commands. Empty if that is unsafe.
 */
export function prefixEnds({ engine, source }: TexDocument): number[] {
  if (engine !== 'pdflatex') return [];
  const bare = withoutComments(source);
  const end = bare.search(/\\begin\s*\{document\}/);
  const start = seedOf[engine].length;
  if (end === -1 || notKept.test(bare.slice(start, end))) return [];
  const loading = leadingCommands(source.slice(start, end), loadingCommands);
  const loaded = loading.length > 0 ? start + loading.at(-1)!.end : end;
  return skipBlank(source, loaded) >= end ? [end] : [end, loaded];
}

function prefixOf(text: string): PreamblePrefix {
  return { key: createHash('sha256').update(text).digest('hex'), text };
}

/** The rest of the document after the prefix, with the line numbers of the whole. It sets the seed again: a format keeps none. */
export function restAfter({ text }: PreamblePrefix, source: string): string {
  const lines = text.split('\n').length - 1;
  return seedOf.pdflatex + '%\n'.repeat(lines) + source.slice(text.length);
}

/** The document from which TeX makes the format of the prefix. */
export const formatSource = ({ text }: PreamblePrefix): string => `${text}\n\\dump\n`;
