import type { Box, Iteration, Patch, PatchChange, ScoreMap, Size } from '@pentimento/contracts';
import { allCells, boxOf, groupCells, holdsPoint, middleOf, scoreAt, scoreIn, weightOf, type Cell } from './grid.ts';

/** A region outside the prompted patches that lost more than this has regressed. */
const regressionTolerance = 0.05;
const maxRegressed = 3;

/** How the scores of the prompted patches changed, and which other regions regressed. Both are empty where a map is missing. */
export function regionChanges(
  before: ScoreMap | null,
  after: ScoreMap | null,
  { patches, size }: { patches: readonly Patch[]; size: Size },
): Pick<Iteration, 'improvedRegions' | 'regressedRegions'> {
  if (!before || !after) return { improvedRegions: [], regressedRegions: [] };
  const change = (box: Box): PatchChange => ({
    box,
    before: scoreIn(before, box, size),
    after: scoreIn(after, box, size),
  });
  const boxes = patches.map(({ box }) => box);
  const regressed = regressedRegions(before, after, {
    ...{ size, except: boxes, tolerance: regressionTolerance, count: maxRegressed },
  });
  return { improvedRegions: boxes.map(change), regressedRegions: regressed.map(change) };
}

/** Boxes of neighboring cells whose score fell by more than `tolerance` outside of `except`, largest loss first. */
export function regressedRegions(
  before: ScoreMap,
  after: ScoreMap,
  options: { size: Size; except: readonly Box[]; tolerance: number; count: number },
): Box[] {
  const { size, except, tolerance, count } = options;
  if (before.columns !== after.columns || before.rows !== after.rows) return [];
  const isExcepted = (cell: Cell): boolean => {
    const middle = middleOf(cell, after, size);
    return except.some((box) => holdsPoint(box, middle));
  };
  const cells = allCells(after)
    .map((cell) => ({
      ...cell,
      weight: scoreAt(before, cell.column, cell.row) - scoreAt(after, cell.column, cell.row),
    }))
    .filter((cell) => cell.weight > tolerance && !isExcepted(cell));
  return groupCells(cells, after)
    .map((group) => ({ box: boxOf(group, after, size), weight: weightOf(group) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
    .map(({ box }) => box);
}

/** A region in which one render scores so much more than another is better in it. */
const betterBy = 0.05;
const maxBetter = 2;

/** The regions in which a render is better than another one, most first; empty where a map is missing. */
export const betterRegions = (map: ScoreMap | null, other: ScoreMap | null, size: Size): Box[] =>
  map && other ? regressedRegions(map, other, { size, except: [], tolerance: betterBy, count: maxBetter }) : [];
