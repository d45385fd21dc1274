import { expect, it } from 'vitest';
import { cividis, inkOn, luminance } from './cividis.ts';

const scores = Array.from({ length: 101 }, (_, i) => i / 100);

it('grows lighter with the score', () => {
  const lights = scores.map((score) => luminance(cividis(score)));
  expect(lights.every((light, i) => i === 0 || light >= lights[i - 1]!)).toBe(true);
  expect(lights.at(-1)! - lights[0]!).toBeGreaterThan(0.7);
});

it('holds a number readable (4.5:1) on every score', () => {
  for (const score of scores) {
    const ground = luminance(cividis(score));
    const ink = inkOn(score) === '#000000' ? 0 : 1;
    const contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
    expect(contrast, `score ${score}`).toBeGreaterThanOrEqual(4.5);
  }
});

it('clamps values outside of 0..1', () => {
  expect(cividis(-1)).toEqual(cividis(0));
  expect(cividis(2)).toEqual(cividis(1));
});
