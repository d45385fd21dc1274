import { afterAll, describe, expect, it } from 'vitest';
import type { Box, ScoreMap, Size } from '@pentimento/contracts';
import { example, paint, part } from '@pentimento/imaging/testing';
import { createReward } from '../reward.ts';

/** The loop asks the model to fix the lowest cells, so these must cover the defect and nothing else. */
const reward = createReward();
const noAbort = new AbortController().signal;
afterAll(() => reward.close());

/** Cells whose loss is at least this share of the worst cell's: patches consist of them. */
const noticeable = 0.2;

const targets: [name: string, source: Box, size: Size][] = [
  ['tiny-icon', { x: 0, y: 0, width: 48, height: 48 }, { width: 48, height: 48 }],
  ['isometric', { x: 0, y: 0, width: 512, height: 512 }, { width: 336, height: 336 }],
  ['heatmap', { x: 0, y: 0, width: 640, height: 540 }, { width: 640, height: 480 }],
  ['pricing-page', { x: 0, y: 0, width: 1200, height: 800 }, { width: 1200, height: 800 }],
];

describe('a colored square', () => {
  it.each(targets)('in %s is what the lowest cells cover', { timeout: 120_000 }, async (name, source, size) => {
    const target = await part(example(name), source, size);
    const side = Math.round(Math.min(size.width, size.height) / 8);
    for (const [x, y] of [
      [0.02, 0.03],
      [0.31, 0.11],
      [0.85, 0.05],
      [0.13, 0.47],
      [0.52, 0.44],
      [0.77, 0.58],
      [0.04, 0.83],
      [0.45, 0.81],
      [0.86, 0.85],
    ] as const) {
      const box = { x: Math.round(x * size.width), y: Math.round(y * size.height), width: side, height: side };
      await expectCovered(target, await paint(target, box, '#ff2d95'), box, size);
    }
  });
});

describe('a missing line of text', () => {
  const page = { width: 1200, height: 800 };
  const report = { x: 150, y: 260, width: 640, height: 480 };

  it.each<[Box]>([
    [{ x: 474, y: 176, width: 253, height: 22 }],
    [{ x: 490, y: 519, width: 95, height: 19 }],
    [{ x: 141, y: 414, width: 72, height: 18 }],
    [{ x: 890, y: 20, width: 263, height: 20 }],
  ])('of a page of 1200 x 800 at %o is what the lowest cells cover', { timeout: 60_000 }, async (box) => {
    const target = await part(example('pricing-page'), { x: 0, y: 0, ...page }, page);
    const background = box.y > 200 || box.y < 60 ? '#ffffff' : '#f6f7fb';
    await expectCovered(target, await paint(target, box, background), box, page);
  });

  it.each<[Box]>([
    [{ x: 10, y: 15, width: 630, height: 22 }],
    [{ x: 10, y: 163, width: 630, height: 22 }],
    [{ x: 20, y: 337, width: 50, height: 18 }],
  ])('of dense text of 640 x 480 at %o is what the lowest cells cover', { timeout: 60_000 }, async (box) => {
    const size = { width: 640, height: 480 };
    const target = await part(example('long-report'), report, size);
    await expectCovered(target, await paint(target, box, '#ffffff'), box, size);
  });
});

/** The noticeable cells overlap the fault or touch a cell that does, and their box covers its middle. */
async function expectCovered(target: Uint8Array, render: Uint8Array, defect: Box, size: Size): Promise<void> {
  const { map } = await reward.score({ target, render, alignment: 1 }, noAbort);
  const lost = map!.scores.map((score) => 1 - score);
  const worst = Math.max(...lost);
  expect(worst).toBeGreaterThan(0.15);
  const cells = lost.flatMap((loss, index) => (loss >= worst * noticeable ? [cellBox(map!, index, size)] : []));
  const slack = { x: size.width / map!.columns, y: size.height / map!.rows };
  expect(cells.filter((cell) => !near(cell, defect, slack))).toEqual([]);
  expect(near(around(cells), middleOf(defect), { x: 0, y: 0 })).toBe(true);
  expect(near(cellBox(map!, lost.indexOf(worst), size), defect, { x: 0, y: 0 })).toBe(true);
}

function cellBox({ columns, rows }: ScoreMap, index: number, size: Size): Box {
  const [width, height] = [size.width / columns, size.height / rows];
  return { x: (index % columns) * width, y: Math.floor(index / columns) * height, width, height };
}

function around(cells: readonly Box[]): Box {
  const [x, y] = [Math.min(...cells.map((cell) => cell.x)), Math.min(...cells.map((cell) => cell.y))];
  const [endX, endY] = [cells.map((cell) => cell.x + cell.width), cells.map((cell) => cell.y + cell.height)];
  return { x, y, width: Math.max(...endX) - x, height: Math.max(...endY) - y };
}

function middleOf({ x, y, width, height }: Box): Box {
  return { x: x + width / 2, y: y + height / 2, width: 0.01, height: 0.01 };
}

function near(cell: Box, box: Box, slack: { x: number; y: number }): boolean {
  return (
    cell.x < box.x + box.width + slack.x &&
    box.x - slack.x < cell.x + cell.width &&
    cell.y < box.y + box.height + slack.y &&
    box.y - slack.y < cell.y + cell.height
  );
}
