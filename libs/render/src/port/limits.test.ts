import { expect, it } from 'vitest';
import { fitDrawing, isWithin, renderLimits } from './limits.ts';

it('leaves a size within the caps', () => {
  expect(fitDrawing({ width: 8000, height: 5000 })).toEqual({ width: 8000, height: 5000 });
});

it.each([
  [16_384, 16],
  [9000, 9000],
  [300, 100_000],
])('scales %i x %i down into the caps', (width, height) => {
  const fitted = fitDrawing({ width, height });
  expect(isWithin(fitted, renderLimits.drawingSide)).toBe(true);
  expect(fitted.width / fitted.height / (width / height)).toBeCloseTo(1, 0);
});
