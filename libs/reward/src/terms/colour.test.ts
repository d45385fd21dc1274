import { beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, type RgbImage } from '@pentimento/imaging';
import { blank, example, shift, turnHue } from '@pentimento/imaging/testing';
import { colourNearness, summariseColour } from './colour.ts';

function filled(...colours: [number, number, number][]): RgbImage {
  const pixels = new Uint8Array(8 * 8 * colours.length * 3);
  colours.forEach((colour, part) => {
    for (let pixel = part * 64; pixel < (part + 1) * 64; pixel++) pixels.set(colour, pixel * 3);
  });
  return { width: 8, height: 8 * colours.length, pixels };
}

const nearness = (a: RgbImage, b: RgbImage) => colourNearness(summariseColour(a), summariseColour(b));

it('is 1 for the same colours and 0 for others, the same both ways', () => {
  const [red, blue] = [filled([255, 0, 0]), filled([0, 0, 255])];
  expect(nearness(red, red)).toBe(1);
  expect(nearness(red, blue)).toBe(0);
  expect(nearness(blue, red)).toBe(0);
});

it('falls with the distance of the colours', () => {
  const grey = (value: number) => filled([value, value, value]);
  const scores = [255, 245, 220, 180, 60].map((value) => nearness(grey(255), grey(value)));
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(new Set(scores).size).toBe(5);
  expect(scores.at(-1)).toBe(0);
});

it('sees colours that changed places', () => {
  const [above, below] = [filled([255, 0, 0], [0, 0, 255]), filled([0, 0, 255], [255, 0, 0])];
  expect(nearness(above, below)).toBeCloseTo(0.5, 6);
});

it('takes an image of one pixel', () => {
  const dot = { width: 1, height: 1, pixels: Uint8Array.of(9, 8, 7) };
  expect(nearness(dot, dot)).toBe(1);
});

describe.each(['grouped-bars', 'badge', 'pricing-page'])('of %s', (name) => {
  let target: RgbImage;
  beforeAll(async () => {
    target = await decodeImage(example(name), 'target');
  });
  const against = async (bytes: Uint8Array) => nearness(target, await decodeImage(bytes, 'target'));

  it('hardly heeds a small shift', async () => {
    expect(await against(await shift(example(name), 3))).toBeGreaterThan(0.93);
  });

  it('falls clearly when every hue turns, the further the more', async () => {
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
