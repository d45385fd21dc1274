import type { Size } from '@pentimento/contracts';
import { steps, type Layer, type Ring, type Shape } from '../tracing/shapes.ts';
import { readGroups, short } from './groups-in-code.ts';
import { wholeOf, type Opening, type Writer } from './writer.ts';

const openingLine = /^\\begin\{scope\}\[[^\]\n]*\] % patch (\d+),(\d+),(\d+),(\d+) detail (\d+)$/gm;
const tikzBegin = String.raw`\begin{tikzpicture}[x=0.4818pt,y=-0.4818pt]`;
const tikzEnd = String.raw`\end{tikzpicture} % traced`;

/** TikZ: one unit is one pixel of the target at 150 dpi. */
export const latex: Writer = {
  document: ({ width, height }, layers) =>
    [
      String.raw`\documentclass[border=0pt]{standalone}`,
      String.raw`\usepackage{tikz}`,
      String.raw`\begin{document}`,
      tikzBegin,
      String.raw`\useasboundingbox (0,0) rectangle (${width},${height});`,
      ...layers,
      tikzEnd,
      String.raw`\end{document}`,
    ].join('\n'),
  layer: scopeOf,
  groups: (code) => readGroups(code, openingLine, String.raw`\end{scope}`),
  opening: (code: string, size: Size): Opening | undefined => {
    const at = code.lastIndexOf(tikzEnd);
    if (at < 0) return undefined;
    return { at, length: tikzEnd.length, frame: wholeOf(size), wrap: (layers) => `${layers}\n` };
  },
};

function scopeOf({ box, detail, width, height, shapes }: Layer): string {
  const transform = `shift={(${box.x},${box.y})},xscale=${short(box.width / width)},yscale=${short(box.height / height)}`;
  return [
    String.raw`\begin{scope}[${transform}] % patch ${box.x},${box.y},${box.width},${box.height} detail ${detail}`,
    ...shapes.map(fillOf),
    String.raw`\end{scope}`,
  ].join('\n');
}

function fillOf({ fill, rings }: Shape): string {
  return String.raw`\fill[fill={rgb,255:${channels(fill)}}] ${rings.map(polygon).join(' ')};`;
}

function polygon(ring: Ring): string {
  const corners = Array.from({ length: ring.length / 2 - 1 }, (_, index) => index * 2);
  const moves = steps(ring);
  return `(${ring[0]},${ring[1]})${corners.map((at) => `--++(${moves[at]},${moves[at + 1]})`).join('')}--cycle`;
}

function channels(fill: string): string {
  const digits =
    fill.length === 4 ? [...fill.slice(1)].map((digit) => digit + digit) : (fill.slice(1).match(/../g) ?? []);
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => Number.parseInt(pair, 16));
  return `red,${red};green,${green};blue,${blue}`;
}
