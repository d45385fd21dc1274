import { describe, expect, it } from 'vitest';
import { linePath, scalesOf, stepPath } from './chart.ts';
import type { Step } from './model.ts';

const frame = { left: 0, right: 100, top: 0, bottom: 50 };
const step = (index: number, score: number | null, secondary = score) => ({ index, score, secondary }) as Step;

describe('scalesOf', () => {
  it('begins at the tenth under the lowest score, the worst tile included, and ends at 1', () => {
    const { ticks, y } = scalesOf([step(0, 0.72, 0.61), step(1, 0.8, 0.7)], 0.95, 8, frame);
    expect([ticks[0], ticks.at(-1)]).toEqual([0.6, 1]);
    expect([y(0.6), y(1)]).toEqual([50, 0]);
  });

  it('keeps the ticks few', () => {
    const { ticks } = scalesOf([step(0, 0.05)], 0.95, 8, frame);
    expect(ticks).toEqual([0, 0.9, 0.95, 0.99, 1]);
  });

  it('leaves room for the iterations that are still to come', () => {
    const { x, nearest } = scalesOf([step(0, 0.7), step(1, 0.8)], 0.95, 5, frame);
    expect([x(0), x(1), x(4)]).toEqual([0, 25, 100]);
    expect([nearest(-10), nearest(20), nearest(90)]).toEqual([0, 1, 1]);
  });

  it('exists before there is any score', () => {
    expect(scalesOf([], 0.95, 8, frame).ticks).toEqual([0.9, 0.95, 0.99, 1]);
  });
});

it('breaks a line where nothing rendered, and carries the best on', () => {
  const scales = { x: (index: number) => index * 10, y: (score: number) => score * 10 };
  expect(linePath([0.5, null, 0.7, 0.8], scales)).toBe('M0.0 5.0M20.0 7.0L30.0 8.0');
  expect(stepPath([null, 0.5, 0.5, 0.8], scales)).toBe('M10.0 5.0H20.0V5.0H30.0V8.0');
});
