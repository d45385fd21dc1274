import { describe, expect, it } from 'vitest';
import type { Candidate, TileScore } from '@pentimento/contracts';
import { boxBetween, visibleTiles, frameOf, mapCells, parseSide, representative, scoreAt, writeSide } from './model.ts';

function candidate(id: string, overall: number, rendered: boolean): Candidate {
  return {
    id,
    render: rendered ? { status: 'ok' } : { status: 'failed' },
    reward: { terms: { overall } },
  } as Candidate;
}

describe('representative', () => {
  const [good, better, broken] = [candidate('a', 0.7, true), candidate('b', 0.8, true), candidate('c', 0.9, false)];

  it('is the accepted candidate', () => {
    expect(representative({ candidates: [good, better], accepted: ['a'] })).toBe(good);
  });

  it('is the best that rendered where none was accepted', () => {
    expect(representative({ candidates: [broken, good, better], accepted: [] })).toBe(better);
  });

  it('is the first where nothing rendered', () => {
    expect(representative({ candidates: [broken], accepted: [] })).toBe(broken);
  });
});

describe('a side in the address', () => {
  it.each(['target', 'selected', 'best', 0, 17] as const)('comes back as it went (%s)', (side) => {
    expect(parseSide(writeSide(side), 'target')).toBe(side);
  });

  it.each([null, '', 'other', '-1', '1.5', '99999'])('falls back where it is malformed (%s)', (text) => {
    expect(parseSide(text, 'best')).toBe('best');
  });
});

it('frames both images', () => {
  expect(frameOf({ width: 10, height: 40 }, { width: 30, height: 20 })).toEqual({ width: 30, height: 40 });
});

it('draws the tiles, and the thumbnail only of an image of one tile', () => {
  const thumbnail = { index: 0, level: 'thumbnail' } as TileScore;
  const tile = { index: 1, level: 'tile' } as TileScore;
  expect(visibleTiles([thumbnail, tile])).toEqual([tile]);
  expect(visibleTiles([thumbnail])).toEqual([thumbnail]);
});

it('lays a score map over the target row by row', () => {
  const map = { columns: 2, rows: 2, scores: [0.1, 0.2, 0.3, 0.4] };
  const target = { width: 100, height: 50 };
  const cells = mapCells(map, target, { x: -10, y: -10, width: 500, height: 500 });
  expect(cells[1]).toEqual({ x: 50, y: 0, width: 50, height: 25, score: 0.2 });
  expect(cells[2]).toEqual({ x: 0, y: 25, width: 50, height: 25, score: 0.3 });
  expect(cells).toHaveLength(4);
  expect(mapCells(map, target, { x: 60, y: 30, width: 5, height: 5 }).map(({ score }) => score)).toEqual([0.4]);
});

it('reads the score map at a point of the target, and nothing outside', () => {
  const map = { columns: 2, rows: 1, scores: [0.1, 0.2] };
  const target = { width: 100, height: 50 };
  expect(scoreAt(map, target, { x: 99.5, y: 49 })).toBe(0.2);
  expect(scoreAt(map, target, { x: 100, y: 0 })).toBeUndefined();
  expect(scoreAt(map, target, { x: 10, y: -0.1 })).toBeUndefined();
});

describe('a box that is marked', () => {
  const target = { width: 240, height: 160 };
  const box = { x: 10, y: 20, width: 30, height: 40 };

  it('lies between two points in any direction, in whole pixels', () => {
    expect(boxBetween({ x: 10.4, y: 20.9 }, { x: 39.2, y: 59.5 }, target)).toEqual(box);
    expect(boxBetween({ x: 39.2, y: 59.5 }, { x: 10.4, y: 20.9 }, target)).toEqual(box);
  });

  it('stays within the target, and has at least a pixel', () => {
    expect(boxBetween({ x: -50, y: -1 }, { x: 900, y: 900 }, target)).toEqual({ x: 0, y: 0, ...target });
    expect(boxBetween({ x: 300, y: 300 }, { x: 300, y: 300 }, target)).toEqual({ x: 239, y: 159, width: 1, height: 1 });
  });
});
