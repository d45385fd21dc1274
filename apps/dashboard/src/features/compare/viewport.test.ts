import { describe, expect, it } from 'vitest';
import {
  arrange,
  fit,
  imagePoint,
  originOf,
  panBy,
  parseViewport,
  writeViewport,
  zoomAt,
  zoomStep,
  zoomTo,
} from './viewport.ts';

const frame = { width: 1080, height: 504 };
const pane = { width: 600, height: 400 };

describe('fit', () => {
  it('shows the whole of a large image', () => {
    const view = fit(frame, pane);
    expect(frame.width * view.scale).toBeLessThanOrEqual(pane.width);
    expect(frame.height * view.scale).toBeLessThanOrEqual(pane.height);
    expect([view.x, view.y]).toEqual([540, 252]);
  });

  it('grows a small image by a whole factor', () => {
    expect(fit({ width: 48, height: 48 }, pane).scale).toBe(7);
    expect(fit({ width: 420, height: 370 }, pane).scale).toBe(1);
    expect(fit({ width: 4, height: 4 }, pane).scale).toBe(16);
  });

  it('survives a pane that has no size yet', () => {
    expect(fit(frame, { width: 0, height: 0 }).scale).toBeGreaterThan(0);
  });
});

describe('arrange', () => {
  it('stacks a wide image on a stage that is not wide', () => {
    expect(arrange(frame, { width: 760, height: 655 })).toEqual({ pane: { width: 760, height: 327 }, stacked: true });
  });

  it('puts a tall or square image next to the other', () => {
    expect(arrange({ width: 420, height: 420 }, { width: 760, height: 655 }).stacked).toBe(false);
    expect(arrange({ width: 1200, height: 3731 }, { width: 760, height: 655 }).stacked).toBe(false);
  });
});

describe('zoomAt', () => {
  it.each([0.5, 1.3, 4])('keeps the image point under the pointer (factor %d)', (factor) => {
    const view = { x: 500, y: 250, scale: 1 };
    const point = { x: 130, y: 320 };
    const before = imagePoint(view, pane, point);
    const after = imagePoint(zoomAt(view, frame, pane, point, factor), pane, point);
    expect(Math.abs(after.x - before.x)).toBeLessThan(1.5);
    expect(Math.abs(after.y - before.y)).toBeLessThan(1.5);
  });

  it('stops at the largest and the smallest scale', () => {
    const view = { x: 1, y: 1, scale: 1 };
    expect(zoomAt(view, frame, pane, { x: 0, y: 0 }, 1e9).scale).toBe(64);
    expect(zoomAt(view, frame, pane, { x: 0, y: 0 }, 1e-9).scale).toBe(0.02);
  });
});

it('pans with the pointer and never loses the image', () => {
  expect(panBy({ x: 100, y: 100, scale: 2 }, frame, { x: 50, y: -30 })).toEqual({ x: 75, y: 115, scale: 2 });
  expect(panBy({ x: 100, y: 100, scale: 1 }, frame, { x: 1e6, y: -1e6 })).toEqual({ x: 0, y: 504, scale: 1 });
});

it('places images on whole pixels', () => {
  const origin = originOf({ x: 100.3, y: 50.7, scale: 1.37 }, { width: 601, height: 401 });
  expect(Number.isInteger(origin.x) && Number.isInteger(origin.y)).toBe(true);
});

it('steps through the zoom ladder both ways', () => {
  const at = (scale: number) => ({ x: 0, y: 0, scale });
  expect(zoomStep(at(1), 1).scale).toBe(1.5);
  expect(zoomStep(at(1), -1).scale).toBe(0.75);
  expect(zoomStep(at(0.53), -1).scale).toBe(0.5);
  expect(zoomStep(at(64), 1).scale).toBe(64);
});

it('zooms a box into the middle', () => {
  const view = zoomTo({ x: 200, y: 100, width: 100, height: 50 }, pane);
  expect([view.x, view.y]).toEqual([250, 125]);
  expect(100 * view.scale).toBeLessThan(pane.width);
});

describe('a viewport in the address', () => {
  it('comes back as it went', () => {
    const view = { x: 250.5, y: 125, scale: 3.75 };
    expect(parseViewport(writeViewport(view))).toEqual(view);
  });

  it.each([null, '', 'a,b,c', '1,2', '1,2,3,4', '1,,2', 'NaN,1,1'])('is ignored where it is malformed (%s)', (text) => {
    expect(parseViewport(text)).toBeNull();
  });
});
