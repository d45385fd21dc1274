import type { Size } from '@pentimento/contracts';
import { svg, svgElement, svgLayer } from './svg.ts';
import { wholeOf, type Opening, type Writer } from './writer.ts';

/** Ends the drawing in a page; a foreign page may hold other drawings. */
const drawingEnd = '</svg><!-- traced -->';

export const html: Writer = {
  document: (size, layers) =>
    [
      '<!doctype html>',
      '<html>',
      '<body style="margin:0">',
      drawing(size, layers, 'display:block'),
      '</body>',
      '</html>',
    ].join('\n'),
  layer: svgLayer,
  groups: svg.groups,
  opening: openingOf,
};

function drawing(size: Size, layers: readonly string[], style: string): string {
  return svgElement(size, layers, ` style="${style}"`).replace(/<\/svg>$/, drawingEnd);
}

/** In the drawing where there is one; else in a new one over the page. */
function openingOf(code: string, size: Size): Opening | undefined {
  const frame = wholeOf(size);
  const own = code.lastIndexOf(drawingEnd);
  if (own >= 0) return { at: own, length: drawingEnd.length, frame, wrap: (layers) => `${layers}\n` };
  const end = [...code.matchAll(/<\/body\s*>|<\/html\s*>/gi)].map((match) => ({
    at: match.index,
    length: match[0].length,
  }));
  const place = end.find(({ at }) => /^<\/body/i.test(code.slice(at))) ?? end.at(-1);
  if (!place) return undefined;
  return { ...place, frame, wrap: (layers) => `${drawing(size, [layers], 'position:absolute;left:0;top:0')}\n` };
}
