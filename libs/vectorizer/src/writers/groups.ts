import type { Box } from '@pentimento/contracts';

/** A layer as found in code: what it covers, how finely, and where its text begins and ends (end exclusive). */
export interface Group {
  box: Box;
  detail: number;
  start: number;
  end: number;
}

/** Characters of code that groups take. */
export function lengthOfGroups(groups: readonly Group[]): number {
  return groups.reduce((sum, { start, end }) => sum + end - start, 0);
}

export function covers(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

export function overlap(first: Box, second: Box): boolean {
  return (
    first.x < second.x + second.width &&
    second.x < first.x + first.width &&
    first.y < second.y + second.height &&
    second.y < first.y + first.height
  );
}

const samples = 16;
/** Where at least this share of a region was traced at a level, its next trace is finer than that level. */
const visitedShare = 0.3;

/** The level of a region's next trace: one above the finest that a good part of it has reached, 1 at first. */
export function nextDetail(box: Box, groups: readonly Group[]): number {
  const reached: number[] = [];
  for (let index = 0; index < samples * samples; index++) {
    const x = box.x + (((index % samples) + 0.5) * box.width) / samples;
    const y = box.y + ((Math.floor(index / samples) + 0.5) * box.height) / samples;
    const here = groups.filter((group) => covers(group.box, { x, y, width: 0, height: 0 }));
    reached.push(Math.max(0, ...here.map((group) => group.detail)));
  }
  reached.sort((a, b) => b - a);
  return 1 + reached[Math.floor(reached.length * visitedShare)]!;
}
