import type { Box, Patch, ScoreMap, Size } from '@pentimento/contracts';
import {
  allCells,
  areaOf,
  boxOf,
  extentOf,
  groupCells,
  holdsPoint,
  middleOf,
  roundScore,
  scoreAt,
  scoreIn,
  unionOf,
  weightOf,
  type Cell,
  type Extent,
} from './grid.ts';

/** Cells that lost less than this share of what the worst cell lost are noise. */
const relativeFloor = 0.2;
/** Cells that lost less than this count as right. */
const absoluteFloor = 0.01;
/** A patch covers at most this share of the target, so that its crop shows more than the whole image does. */
const maxShare = 1 / 6;
/** Each rejected attempt at a region multiplies its weight by this, so that the next prompt tries other regions too. */
const triedWeight = 0.4;
/** Regions are merged where they fill at least this much of the box around both: the letters of a word, the ends of what moved. */
const minFill = 0.4;
/** Only so many regions are considered for merging, those with the largest loss. */
const maxRegions = 128;

export interface PatchSelection {
  map: ScoreMap;
  /** Size of the target, pixels. */
  size: Size;
  /** Patches to select at most. */
  count: number;
  /** The score map of the parent's parent, for the change; null where there is none. */
  before: ScoreMap | null;
  /** Regions of rejected attempts from the same parent. */
  tried: readonly Box[];
}

interface CellGroup {
  cells: Cell[];
  weight: number;
  extent: Extent;
  /** Cells in the boxes of the groups that it was merged from. */
  area: number;
}

/**
 * The regions of the target in which most of the score is lost, worst first. Bad cells of the score map that touch form groups; groups
 * that nearly touch are merged to one box; boxes that would cover too much are split where half of their loss lies on each side. A
 * region that matches (also blank on blank) has lost nothing and is never selected.
 */
export function selectPatches({ map, size, count, before, tried }: PatchSelection): Patch[] {
  const total = map.scores.reduce((sum, score) => sum + (1 - score), 0);
  const groups = mergeNear(groupCells(badCells(map, size, tried), map), map);
  return groups
    .flatMap((cells) => splitLarge(cells, map))
    .map((cells) => ({ cells, weight: weightOf(cells) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
    .map(({ cells }, index) => {
      const box = boxOf(cells, map, size);
      const score = scoreIn(map, box, size);
      const lost = cells.reduce((sum, cell) => sum + 1 - scoreAt(map, cell.column, cell.row), 0);
      return {
        rank: index + 1,
        box,
        score,
        lostShare: Math.min(1, Math.max(0, lost / total)),
        change: before ? roundScore(score - scoreIn(before, box, size)) : null,
      };
    });
}

/** The patch of a region that a person marked; it lost nothing that is known where there is no map. */
export function markedPatch(
  { box, words }: { box: Box; words: string },
  map: ScoreMap | null,
  size: Size,
): Omit<Patch, 'rank'> {
  if (!map) return { box, score: 0, lostShare: 0, change: null, words };
  const score = scoreIn(map, box, size);
  const lost = ((1 - score) * box.width * box.height * map.scores.length) / (size.width * size.height);
  const total = map.scores.reduce((sum, each) => sum + (1 - each), 0);
  return { box, score, lostShare: total > 0 ? Math.min(1, lost / total) : 0, change: null, words };
}

function badCells(map: ScoreMap, size: Size, tried: readonly Box[]): Cell[] {
  const worst = 1 - Math.min(...map.scores);
  const floor = Math.max(absoluteFloor, worst * relativeFloor);
  return allCells(map)
    .filter((cell) => cell.weight >= floor)
    .map((cell) => {
      const middle = middleOf(cell, map, size);
      const attempts = tried.filter((box) => holdsPoint(box, middle)).length;
      return { ...cell, weight: cell.weight * triedWeight ** attempts };
    });
}

function asGroup(cells: Cell[]): CellGroup {
  const extent = extentOf(cells);
  return { cells, weight: weightOf(cells), extent, area: areaOf(extent) };
}

/** Merges groups, those with the largest loss first, as long as the box around them is filled and not too large. */
function mergeNear(groups: Cell[][], map: ScoreMap): Cell[][] {
  const regions = groups.map(asGroup).sort((a, b) => b.weight - a.weight);
  const rest = regions.splice(maxRegions);
  for (let index = 0; index < regions.length; index++) {
    for (let other = regions.length - 1; other > index; other--) {
      const merged = merge(regions[index]!, regions[other]!, map);
      if (!merged) continue;
      regions[index] = merged;
      regions.splice(other, 1);
      other = regions.length;
    }
  }
  return [...regions, ...rest].map(({ cells }) => cells);
}

/** Undefined where too little of the box around both is filled, or it is too large. */
function merge(a: CellGroup, b: CellGroup, map: ScoreMap): CellGroup | undefined {
  const extent = unionOf(a.extent, b.extent);
  const area = a.area + b.area;
  if (areaOf(extent) > Math.min(area / minFill, maxCells(map))) return undefined;
  return { cells: [...a.cells, ...b.cells], weight: a.weight + b.weight, extent, area };
}

function splitLarge(cells: Cell[], map: ScoreMap): Cell[][] {
  const { left, right, top, bottom } = extentOf(cells);
  const columns = right - left + 1;
  const rows = bottom - top + 1;
  if (columns * rows <= maxCells(map)) return [cells];
  const along = columns >= rows ? (cell: Cell) => cell.column : (cell: Cell) => cell.row;
  const [low, high] = halves(cells, along);
  return [...splitLarge(low, map), ...splitLarge(high, map)];
}

/** Splits between two lines of cells, as close as possible to half of the weight; both halves hold at least one cell. */
function halves(cells: readonly Cell[], along: (cell: Cell) => number): [Cell[], Cell[]] {
  const weights = new Map<number, number>();
  for (const cell of cells) weights.set(along(cell), (weights.get(along(cell)) ?? 0) + cell.weight);
  const lines = [...weights.keys()].sort((a, b) => a - b);
  const half = weightOf(cells) / 2;
  let sum = 0;
  const breakBefore = lines.slice(0, -1).find((line) => {
    sum += weights.get(line)!;
    return sum >= half;
  });
  const last = breakBefore ?? lines.at(-2)!;
  return [cells.filter((cell) => along(cell) <= last), cells.filter((cell) => along(cell) > last)];
}

/** Cells that a patch may cover. */
function maxCells(map: ScoreMap): number {
  return Math.max(1, map.columns * map.rows * maxShare);
}
