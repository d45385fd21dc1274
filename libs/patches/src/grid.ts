import type { Box, ScoreMap, Size } from '@pentimento/contracts';

/** A cell of a score map, with a weight of the caller's choice: mostly the score lost in it. */
export interface Cell {
  column: number;
  row: number;
  weight: number;
}

interface Point {
  x: number;
  y: number;
}

/** First and last columns and rows, inclusive. */
export interface Extent {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Every cell of the map, row by row, weighted by its lost score. */
export function allCells(map: ScoreMap): Cell[] {
  return map.scores.map((score, index) => ({
    column: index % map.columns,
    row: Math.floor(index / map.columns),
    weight: 1 - score,
  }));
}

export function scoreAt(map: ScoreMap, column: number, row: number): number {
  return map.scores[row * map.columns + column] ?? 1;
}

export function weightOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.weight, 0);
}

/** Groups of cells that touch, corners included. */
export function groupCells(cells: readonly Cell[], map: ScoreMap): Cell[][] {
  const open = new Map(cells.map((cell) => [cell.row * map.columns + cell.column, cell]));
  const groups: Cell[][] = [];
  for (const cell of cells) {
    if (!open.delete(cell.row * map.columns + cell.column)) continue;
    const group = [cell];
    for (let next = 0; next < group.length; next++) group.push(...takeNeighbors(group[next]!, open, map));
    groups.push(group);
  }
  return groups;
}

function takeNeighbors(cell: Cell, open: Map<number, Cell>, map: ScoreMap): Cell[] {
  const taken: Cell[] = [];
  for (let row = Math.max(0, cell.row - 1); row <= Math.min(map.rows - 1, cell.row + 1); row++) {
    for (let column = Math.max(0, cell.column - 1); column <= Math.min(map.columns - 1, cell.column + 1); column++) {
      const neighbor = open.get(row * map.columns + column);
      if (!neighbor) continue;
      open.delete(row * map.columns + column);
      taken.push(neighbor);
    }
  }
  return taken;
}

export function extentOf(cells: readonly Cell[]): Extent {
  const empty = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  return cells.reduce(
    (all, { column, row }) => unionOf(all, { left: column, right: column, top: row, bottom: row }),
    empty,
  );
}

export function unionOf(a: Extent, b: Extent): Extent {
  return {
    left: Math.min(a.left, b.left),
    right: Math.max(a.right, b.right),
    top: Math.min(a.top, b.top),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Cells in an extent. */
export function areaOf({ left, right, top, bottom }: Extent): number {
  return (right - left + 1) * (bottom - top + 1);
}

/** The whole pixels of an image of `size` that the cells touch. */
export const boxOf = (cells: readonly Cell[], map: ScoreMap, size: Size): Box =>
  boxOfExtent(extentOf(cells), map, size);

function boxOfExtent({ left, right, top, bottom }: Extent, map: ScoreMap, size: Size): Box {
  const x = Math.floor((left * size.width) / map.columns);
  const y = Math.floor((top * size.height) / map.rows);
  const endX = Math.min(size.width, Math.ceil(((right + 1) * size.width) / map.columns));
  const endY = Math.min(size.height, Math.ceil(((bottom + 1) * size.height) / map.rows));
  return { x, y, width: Math.max(1, endX - x), height: Math.max(1, endY - y) };
}

/** The middle of a cell, in pixels of an image of `size`. */
export function middleOf({ column, row }: Cell, map: ScoreMap, size: Size): Point {
  const { x, y, width, height } = boxOfExtent({ left: column, right: column, top: row, bottom: row }, map, size);
  return { x: x + width / 2, y: y + height / 2 };
}

export const centerOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

export const holdsPoint = (box: Box, { x, y }: Point): boolean =>
  x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;

/** Mean score in 0..1 of the map's cells that a box touches, weighted by the area touched; 1 where it touches none. */
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
  return area > 0 ? roundScore(sum / area) : 1;
}

/** Six decimals, so that equal regions compare equal. */
export function roundScore(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
}
