import { describe, expect, it } from 'vitest';
import { colorAt, differenceOf, type Pixels } from './pixels.ts';

function image(width: number, height: number, ...rgb: number[]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([rgb[0]!, rgb[1]!, rgb[2]!, 255], i * 4);
  return { width, height, data };
}

describe('differenceOf', () => {
  it('is black and zero for equal images', () => {
    const same = differenceOf(image(3, 2, 10, 20, 30), image(3, 2, 10, 20, 30), { width: 3, height: 2 }, 8);
    expect([same.changed, same.mean, ...same.pixels.slice(0, 4)]).toEqual([0, 0, 0, 0, 0, 255]);
  });

  it('finds a single changed pixel and amplifies it', () => {
    const right = image(2, 2, 100, 100, 100);
    right.data[4] = 110;
    const found = differenceOf(image(2, 2, 100, 100, 100), right, { width: 2, height: 2 }, 4);
    expect(found.changed).toBe(0.25);
    expect([...found.pixels.slice(4, 8)]).toEqual([40, 0, 0, 255]);
  });

  it('counts what only one image covers as different', () => {
    const found = differenceOf(image(2, 1, 0, 0, 0), image(1, 1, 0, 0, 0), { width: 2, height: 1 }, 1);
    expect(found.changed).toBe(0.5);
    expect([...found.pixels]).toEqual([0, 0, 0, 255, 255, 255, 255, 255]);
  });
});

it('reads a color, and none outside of the image', () => {
  expect(colorAt(image(2, 2, 1, 171, 255), 1, 1)).toBe('#01abff');
  expect(colorAt(image(2, 2, 1, 171, 255), 2, 0)).toBeNull();
  expect(colorAt(image(2, 2, 1, 171, 255), 0, -1)).toBeNull();
});
