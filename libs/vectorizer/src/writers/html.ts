import type { Size } from '@pentimento/contracts';
import { short } from './groups-in-code.ts';
import { svg, svgElement, svgLayer } from './svg.ts';
import { wholeOf, type Opening, type Writer } from './writer.ts';

/** Ends the drawing in a page; a foreign page may hold other drawings. */
const tracedEnd = '</svg><!-- traced -->';

export const html: Writer = {
  document: (size, layers, deviceScale) =>
    [
      '<!doctype html>',
      '<html>',
      '<body style="margin:0">',
      tracedSvg(size, layers, deviceScale, 'display:block'),
      '</body>',
      '</html>',
    ].join('\n'),
  layer: svgLayer,
  groups: svg.groups,
  opening: openingOf,
};

/** The drawing's own coordinates are device pixels, whatever it measures in the page. */
function tracedSvg(size: Size, layers: readonly string[], deviceScale: number, style: string): string {
  const [width, height] = [size.width, size.height].map((length) => short(length / deviceScale));
  const shown = deviceScale === 1 ? style : `${style};width:${width}px;height:${height}px`;
  return svgElement(size, layers, ` style="${shown}"`).replace(/<\/svg>$/, tracedEnd);
}

/** In the traced SVG if there is one, else in a new one over the page. */
function openingOf(code: string, size: Size, deviceScale: number): Opening | undefined {
  const frame = wholeOf(size);
  const own = code.lastIndexOf(tracedEnd);
  if (own >= 0) return { at: own, length: tracedEnd.length, frame, wrap: (layers) => `${layers}\n` };
  const end = [...code.matchAll(/<\/body\s*>|<\/html\s*>/gi)].map((match) => ({
    at: match.index,
    length: match[0].length,
  }));
  const position = end.find(({ at }) => /^<\/body/i.test(code.slice(at))) ?? end.at(-1);
  if (!position) return undefined;
  const over = 'position:absolute;left:0;top:0';
  return { ...position, frame, wrap: (layers) => `${tracedSvg(size, [layers], deviceScale, over)}\n` };
}
