import type { SvgRoot } from './svg-source.ts';

/** What an HTML page around an SVG adds to it. */
export interface PageAround {
  /** The CSS of its style elements. */
  css: string;
  /** The start tag of its body, or an empty text. */
  body: string;
}

/** The page that an SVG stands in; null where nothing of HTML is before it. In a time that grows with the length of the code. */
export function readPageAround(code: string, root: SvgRoot): PageAround | null {
  const before = code.slice(0, root.start).replace(/<!--[\s\S]*?-->/g, '');
  if (!/<(?:html|head|body|style|div|main)\b|<!doctype\s{1,9}html/i.test(before)) return null;
  const after = code.slice(Math.max(root.end, code.lastIndexOf('</svg>')));
  return { css: stylesIn(before) + stylesIn(after), body: /<body\b[^<>]*>/i.exec(before)?.[0] ?? '' };
}

const stylesIn = (html: string): string =>
  html
    .split(/<style\b[^<>]*>/i)
    .slice(1)
    .map((part) => part.split(/<\/style/i, 1)[0]!)
    .join('\n');
