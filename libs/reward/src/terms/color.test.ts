import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, type RgbImage } from '@pentimento/imaging';
import { blank, example, shift, turnHue } from '@pentimento/imaging/testing';
import { colorSimilarity, histogramsOf } from './color.ts';

function filled(...colors: [number, number, number][]): RgbImage {
  const pixels = new Uint8Array(8 * 8 * colors.length * 3);
  colors.forEach((color, part) => {
    for (let pixel = part * 64; pixel < (part + 1) * 64; pixel++) pixels.set(color, pixel * 3);
  });
  return { width: 8, height: 8 * colors.length, pixels };
}

const similarity = (a: RgbImage, b: RgbImage) => colorSimilarity(histogramsOf(a), histogramsOf(b));

it('is 1 for the same colors and 0 for others, the same both ways', () => {
  const [red, blue] = [filled([255, 0, 0]), filled([0, 0, 255])];
  expect(similarity(red, red)).toBe(1);
  expect(similarity(red, blue)).toBe(0);
  expect(similarity(blue, red)).toBe(0);
});

it('falls with the distance of the colors', () => {
  const gray = (value: number) => filled([value, value, value]);
  const scores = [255, 245, 220, 180, 60].map((value) => similarity(gray(255), gray(value)));
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(scores).size).toBe(5);
  expect(scores.at(-1)).toBe(0);
});

it('notices colors that swapped positions', () => {
  const [above, below] = [filled([255, 0, 0], [0, 0, 255]), filled([0, 0, 255], [255, 0, 0])];
  expect(similarity(above, below)).toBeCloseTo(0.5, 6);
});

it('accepts an image of one pixel', () => {
  const dot = { width: 1, height: 1, pixels: Uint8Array.of(9, 8, 7) };
  expect(similarity(dot, dot)).toBe(1);
});

describe.each(['grouped-bars', 'badge', 'pricing-page'])('of %s', (name) => {
  let target: RgbImage;
  beforeAll(async () => {
    target = await decodeImage(example(name), 'target');
  });
  const against = async (bytes: Uint8Array) => similarity(target, await decodeImage(bytes, 'target'));

  it('hardly changes with a small shift', async () => {
    expect(await against(await shift(example(name), 3))).toBeGreaterThan(0.93);
  });

  it('falls clearly when every hue turns, and more the further it turns', async () => {
    const [near, far] = [
      await against(await turnHue(example(name), 25)),
      await against(await turnHue(example(name), 120)),
    ];
    expect(near).toBeLessThan(0.97);
    expect(far).toBeLessThan(0.9);
    expect(far).toBeLessThan(near!);
  });

  it('is low against a blank page', async () => {
    expect(await against(await blank(target, 'white'))).toBeLessThan(0.75);
  });
});
