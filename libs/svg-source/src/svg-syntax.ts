import type { Size } from '@pentimento/contracts';
import type { PageAround } from './page-around.ts';
import { withSize, type SvgRoot } from './svg-source.ts';

export interface XmlError {
  line: number;
  column: number;
  message: string;
}

/** The XML error in a message of librsvg or Chromium (both use libxml2); undefined if it is about anything else. */
export function readXmlError(text: string): XmlError | undefined {
  const [, line, column, message] =
    /on line (\d+) (?:at )?column (\d+)(?: of data)?: ([^\n]+)/.exec(text) ??
    / in \(null\):(\d+):(\d+): ([^\n]+)/.exec(text) ??
    [];
  if (message === undefined) return undefined;
  return {
    line: Number(line),
    column: Number(column),
    message: message.replace(/Below is a rendering.*$/, '').trim(),
  };
}

const newline = 10;
const excerptBefore = 60;
const excerptAfter = 40;

/** A description of the error with an excerpt of the code around it. */
export function describeXmlError({ line, column, message }: XmlError, code: string): string {
  const start = startOfLine(code, line);
  const end = code.indexOf('\n', start);
  const from = start + Math.max(0, column - excerptBefore);
  const to = Math.min(end === -1 ? code.length : end, start + column + excerptAfter);
  const excerpt = code.slice(from, to).trim();
  return `The SVG is not well-formed XML. Line ${line}, column ${column}: ${message}${excerpt && `\nNear: ${excerpt}`}`;
}

/** The end of the code where it has fewer lines. */
function startOfLine(code: string, line: number): number {
  let left = line - 1;
  for (let at = 0; at < code.length; at++) {
    if (left === 0) return at;
    if (code.charCodeAt(at) === newline) left--;
  }
  return code.length;
}

/** Puts the SVG where the page is shown, whatever its layout. */
const onlySvg =
  'html,body{margin:0!important;padding:0!important}body{display:block!important}body>svg:first-of-type{display:block!important;margin:0!important}';

/** The SVG in an HTML page, whose parser accepts what is not well-formed XML, with what the page around it adds. */
export function asForgivingPage(code: string, root: SvgRoot, size: Size, around: PageAround | null = null): string {
  const sized = withSize(code, root, size);
  const end = sized.lastIndexOf('</svg>');
  const svg = end === -1 ? sized : sized.slice(0, end + '</svg>'.length);
  const page = around && `<style>${around.css}</style><style>${onlySvg}</style>${around.body}`;
  return `<!doctype html><meta charset="utf-8"><style>body{margin:0}svg{display:block}</style>${page ?? ''}${svg}`;
}
