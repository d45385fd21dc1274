import type { Box } from '@pentimento/contracts';

/** A closed polygon: x and y by turns, in whole units of its layer. Holes run against their outline. */
export type Ring = readonly number[];

export interface Shape {
  /** "#rrggbb" or "#rgb". */
  fill: string;
  /** Painted together under the non-zero rule. */
  rings: Ring[];
}

/**
 * A stack of opaque shapes that covers a box of the target exactly: the first shape is its ground, later ones lie over
 * earlier ones, none reaches over the edge. `width` x `height` units stretch over the box.
 */
export interface Layer {
  box: Box;
  /** How finely the box was traced: 0 is the draft, and each return to a region is one finer. */
  detail: number;
  width: number;
  height: number;
  shapes: Shape[];
}

/** SVG path data of a shape: one absolute move, then relative `m`, `l`, `h`, `v` and `z` with whole numbers. */
export function pathData(shape: Shape): string {
  let data = '';
  let [fromX, fromY] = [0, 0];
  for (const ring of shape.rings) {
    const [startX = 0, startY = 0] = ring;
    data += `${data === '' ? 'M' : 'm'}${pair(startX - fromX, startY - fromY)}${lines(ring)}z`;
    [fromX, fromY] = [startX, startY];
  }
  return data;
}

function lines(ring: Ring): string {
  const moves = steps(ring);
  let data = '';
  let slanting = false;
  for (let at = 0; at < moves.length; at += 2) {
    const [x, y] = [moves[at]!, moves[at + 1]!];
    if (y === 0) data += `h${x}`;
    else if (x === 0) data += `v${y}`;
    else data += `${slanting ? (x < 0 ? '' : ' ') : 'l'}${pair(x, y)}`;
    slanting = x !== 0 && y !== 0;
  }
  return data;
}

function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`;
}

/** The differences between a ring's points, as x and y by turns. */
export function steps(ring: Ring): number[] {
  return ring.slice(2).map((value, index) => value - ring[index]!);
}

/** The ring's area in square units. */
export function areaOf(ring: Ring): number {
  let twice = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length;
    twice += ring[at]! * ring[next + 1]! - ring[next]! * ring[at + 1]!;
  }
  return Math.abs(twice) / 2;
}

/** "#aabbcc" as "#abc"; other colors as they are. */
export function shortColor(color: string): string {
  const pairs = /^#(.)\1(.)\2(.)\3$/.exec(color.toLowerCase());
  return pairs ? `#${pairs[1]}${pairs[2]}${pairs[3]}` : color.toLowerCase();
}
