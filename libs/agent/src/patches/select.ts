import type { Box, Patch, ScoreMap, Size } from '@pentimento/contracts';

/** Cells whose lost score is under this share of the worst cell's are noise beside it. */
const relativeFloor = 0.2;
/** Cells that lost less than this are right. */
const absoluteFloor = 0.01;
/** A patch covers at most this share of the target, so that its crop shows more than the whole does. */
const largestShare = 1 / 6;
/** A region that was prompted in vain counts this much less each time, so that the next prompt looks elsewhere too. */
const triedWeight = 0.4;
/** Regions become one where together they fill this much of the box around both: the letters of a word, the ends of what was moved. */
const leastFill = 0.4;
/** Regions that are looked at for that, those of the most loss. */
const mostRegions = 128;

interface Cell {
  column: number;
  row: number;
  weight: number;
}

export interface PatchSelection {
  map: ScoreMap;
  size: Size;
  count: number;
  /** The score map of the accepted step before, for the change; null at first. */
  before: ScoreMap | null;
  /** Regions prompted since the last accepted step, in vain. */
  tried: readonly Box[];
}

interface Region {
  cells: Cell[];
  weight: number;
  /** Cells in the boxes of the groups that it was made of. */
  area: number;
}

/**
 * The regions of the target in which most of the score is lost, worst first: bad cells of the score map that touch, and groups of
 * them that nearly do, merge to one box; boxes that would cover too much are split where half of their loss lies on each
 * side. A region that matches (also blank on blank) has nothing lost and never appears.
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
        lostShare: clamp(lost / total),
        change: before ? round(score - scoreIn(before, box, size)) : null,
      };
    });
}

/** Mean score of the map's cells that a box touches, weighted by the area touched. */
export function scoreIn(map: ScoreMap, box: Box, size: Size): number {
  let sum = 0;
  let area = 0;
  const cellWidth = size.width / map.columns;
  const cellHeight = size.height / map.rows;
  for (let row = Math.floor(box.y / cellHeight); row < map.rows && row * cellHeight < box.y + box.height; row++) {
    for (
      let column = Math.floor(box.x / cellWidth);
      column < map.columns && column * cellWidth < box.x + box.width;
      column++
    ) {
      const touched =
        overlap(column * cellWidth, cellWidth, box.x, box.width) *
        overlap(row * cellHeight, cellHeight, box.y, box.height);
      sum += touched * scoreAt(map, column, row);
      area += touched;
    }
  }
  return area > 0 ? round(sum / area) : 1;
}

/** Boxes of neighbouring cells whose score fell by more than `tolerance` outside of `except`, largest loss first. */
export function regressedRegions(
  before: ScoreMap,
  after: ScoreMap,
  options: { size: Size; except: readonly Box[]; tolerance: number; count: number },
): Box[] {
  const { size, except, tolerance, count } = options;
  if (before.columns !== after.columns || before.rows !== after.rows) return [];
  const cells = allCells(after)
    .map((cell) => ({
      ...cell,
      weight: scoreAt(before, cell.column, cell.row) - scoreAt(after, cell.column, cell.row),
    }))
    .filter((cell) => cell.weight > tolerance && !except.some((box) => covers(box, cellBox(cell, after, size))));
  return groupCells(cells, after)
    .map((group) => ({ box: boxOf(group, after, size), weight: weightOf(group) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count)
    .map(({ box }) => box);
}

function badCells(map: ScoreMap, size: Size, tried: readonly Box[]): Cell[] {
  const worst = 1 - Math.min(...map.scores);
  const floor = Math.max(absoluteFloor, worst * relativeFloor);
  return allCells(map)
    .filter((cell) => cell.weight >= floor)
    .map((cell) => {
      const vain = tried.filter((box) => covers(box, cellBox(cell, map, size))).length;
      return { ...cell, weight: cell.weight * triedWeight ** vain };
    });
}

function allCells(map: ScoreMap): Cell[] {
  return map.scores.map((score, index) => ({
    column: index % map.columns,
    row: Math.floor(index / map.columns),
    weight: 1 - score,
  }));
}

/** Groups of cells that touch, corners included. */
function groupCells(cells: readonly Cell[], map: ScoreMap): Cell[][] {
  const open = new Map(cells.map((cell) => [cell.row * map.columns + cell.column, cell]));
  const groups: Cell[][] = [];
  for (const cell of cells) {
    if (!open.delete(cell.row * map.columns + cell.column)) continue;
    const group = [cell];
    for (let next = 0; next < group.length; next++) group.push(...takeNeighbours(group[next]!, open, map));
    groups.push(group);
  }
  return groups;
}

function takeNeighbours(cell: Cell, open: Map<number, Cell>, map: ScoreMap): Cell[] {
  const taken: Cell[] = [];
  for (let row = Math.max(0, cell.row - 1); row <= Math.min(map.rows - 1, cell.row + 1); row++) {
    for (let column = Math.max(0, cell.column - 1); column <= Math.min(map.columns - 1, cell.column + 1); column++) {
      const neighbour = open.get(row * map.columns + column);
      if (!neighbour) continue;
      open.delete(row * map.columns + column);
      taken.push(neighbour);
    }
  }
  return taken;
}

/** Joins groups, those of the most loss first, as long as the box around them is filled and not too large. */
function mergeNear(groups: readonly Cell[][], map: ScoreMap): Cell[][] {
  const regions = groups
    .map((cells) => ({ cells, weight: weightOf(cells), area: cellsIn(extent(cells)) }))
    .sort((a, b) => b.weight - a.weight);
  const rest = regions.splice(mostRegions);
  for (let index = 0; index < regions.length; index++) {
    for (let other = regions.length - 1; other > index; other--) {
      const joined = join(regions[index]!, regions[other]!, map);
      if (!joined) continue;
      regions[index] = joined;
      regions.splice(other, 1);
      other = regions.length;
    }
  }
  return [...regions, ...rest].map(({ cells }) => cells);
}

/** Undefined where too little of the box around both is filled, or it is too large. */
function join(a: Region, b: Region, map: ScoreMap): Region | undefined {
  const around = unionOf(extent(a.cells), extent(b.cells));
  const area = a.area + b.area;
  if (cellsIn(around) > Math.min(area / leastFill, mostCells(map))) return undefined;
  return { cells: [...a.cells, ...b.cells], weight: a.weight + b.weight, area };
}

function splitLarge(cells: Cell[], map: ScoreMap): Cell[][] {
  const { left, right, top, bottom } = extent(cells);
  const columns = right - left + 1;
  const rows = bottom - top + 1;
  if (columns * rows <= mostCells(map)) return [cells];
  const along = columns >= rows ? (cell: Cell) => cell.column : (cell: Cell) => cell.row;
  const [low, high] = halves(cells, along);
  return [...splitLarge(low, map), ...splitLarge(high, map)];
}

/** Splits between two lines of cells, as near as can be to half of the weight; both halves hold at least one cell. */
function halves(cells: readonly Cell[], along: (cell: Cell) => number): [Cell[], Cell[]] {
  const lines = [...new Set(cells.map(along))].sort((a, b) => a - b);
  const half = cells.reduce((sum, cell) => sum + cell.weight, 0) / 2;
  let sum = 0;
  const cut = lines.slice(0, -1).find((line) => {
    sum += cells.reduce((weight, cell) => weight + (along(cell) === line ? cell.weight : 0), 0);
    return sum >= half;
  });
  const last = cut ?? lines.at(-2)!;
  return [cells.filter((cell) => along(cell) <= last), cells.filter((cell) => along(cell) > last)];
}

/** Cells that a patch may cover. */
function mostCells(map: ScoreMap): number {
  return Math.max(1, map.columns * map.rows * largestShare);
}

function weightOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.weight, 0);
}

/** First and last columns and rows. */
interface Extent {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function extent(cells: readonly Cell[]): Extent {
  const around = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  return cells.reduce(
    (all, { column, row }) => unionOf(all, { left: column, right: column, top: row, bottom: row }),
    around,
  );
}

function unionOf(a: Extent, b: Extent): Extent {
  return {
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function cellsIn({ left, right, top, bottom }: Extent): number {
  return (right - left + 1) * (bottom - top + 1);
}

/** The whole pixels that the cells touch. */
function boxOf(cells: readonly Cell[], map: ScoreMap, size: Size): Box {
  const { left, right, top, bottom } = extent(cells);
  const x = Math.floor((left * size.width) / map.columns);
  const y = Math.floor((top * size.height) / map.rows);
  const endX = Math.min(size.width, Math.ceil(((right + 1) * size.width) / map.columns));
  const endY = Math.min(size.height, Math.ceil(((bottom + 1) * size.height) / map.rows));
  return { x, y, width: Math.max(1, endX - x), height: Math.max(1, endY - y) };
}

function cellBox(cell: Cell, map: ScoreMap, size: Size): Box {
  return boxOf([cell], map, size);
}

function covers(box: Box, inner: Box): boolean {
  const middleX = inner.x + inner.width / 2;
  const middleY = inner.y + inner.height / 2;
  return middleX >= box.x && middleX < box.x + box.width && middleY >= box.y && middleY < box.y + box.height;
}

function scoreAt(map: ScoreMap, column: number, row: number): number {
  return map.scores[row * map.columns + column] ?? 1;
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
