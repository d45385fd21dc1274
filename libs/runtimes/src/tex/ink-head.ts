import type { Room } from './document.ts';
import type { Engine } from './engine.ts';

const withoutHeads = '\\pagestyle{empty}\\def\\pagestyle#1{}\\def\\thispagestyle#1{}';

/**
 * What stands before the class of a document whose pages are cropped: no page has a running head or a number, whatever asks for them.
 * A page that was cut off is larger on its right and below, which moves nothing that was on it; the text of a snippet grows with it.
 */
export function inkHead(engine: Engine, { right, below }: Room, isSnippet: boolean): string {
  const page = engine === 'lualatex' ? '\\page' : '\\pdfpage';
  const sizes = advance(`${page}width`, right) + advance(`${page}height`, below);
  const text = isSnippet && below > 0 ? `\\AddToHook{begindocument/before}{${advance('\\textheight', below)}}` : '';
  return `${text}\\AddToHook{begindocument/end}{${withoutHeads}${sizes}}`;
}

const advance = (length: string, points: number): string =>
  points > 0 ? `\\advance${length} by ${points.toFixed(2)}pt ` : '';
