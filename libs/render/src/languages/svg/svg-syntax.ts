import type { Size } from '@pentimento/contracts';
import { withSize, type SvgSource } from './svg-source.ts';

export interface XmlError {
  line: number;
  column: number;
  complaint: string;
}

/** The place of an XML error as librsvg or Chromium words it (both are libxml2); undefined for any other complaint. */
export function readXmlError(text: string): XmlError | undefined {
  const [, line, column, complaint] =
    /on line (\d+) (?:at )?column (\d+)(?: of data)?: ([^\n]+)/.exec(text) ??
    / in \(null\):(\d+):(\d+): ([^\n]+)/.exec(text) ??
    [];
  if (complaint === undefined) return undefined;
  return {
    line: Number(line),
    column: Number(column),
    complaint: complaint.replace(/Below is a rendering.*$/, '').trim(),
  };
}

const excerptBefore = 60;
const excerptAfter = 40;

/** The error in words, with the piece of the code around it. */
export function describeXmlError({ line, column, complaint }: XmlError, code: string): string {
  const text = code.split('\n', line)[line - 1] ?? '';
  const excerpt = text.slice(Math.max(0, column - excerptBefore), column + excerptAfter).trim();
  return `The SVG is not well-formed XML. Line ${line}, column ${column}: ${complaint}${excerpt && `\nNear: ${excerpt}`}`;
}

/** The drawing inside an HTML page, whose parser forgives what XML does not. */
export function asForgivingPage(code: string, source: SvgSource, size: Size): string {
  const sized = withSize(code, source, size);
  const end = sized.lastIndexOf('</svg>');
  const drawing = end === -1 ? sized : sized.slice(0, end + '</svg>'.length);
  return `<!doctype html><meta charset="utf-8"><style>body{margin:0}svg{display:block}</style>${drawing}`;
}
