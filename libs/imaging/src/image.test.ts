import { expect, it } from 'vitest';
import { divideByAlpha, flattenOnWhite, isOpaque, multiplyByAlpha, toRgbPixels } from './image.ts';

it('composites transparency on white', () => {
  const rgba = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 128);
  expect([...flattenOnWhite(rgba)]).toEqual([10, 20, 30, 255, 255, 255, 127, 177, 255]);
});

it('converts CMYK to (255 - C) (255 - K) / 255', () => {
  const cmyk = Uint8Array.of(0, 0, 0, 0, 255, 100, 0, 60, 1, 2, 3, 255);
  expect([...toRgbPixels(cmyk, 'CMYK')]).toEqual([255, 255, 255, 0, 119, 195, 0, 0, 0]);
});

it('drops alpha in RGB', () => {
  expect([...toRgbPixels(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0), 'RGBA')]).toEqual([1, 2, 3, 5, 6, 7]);
});

it('multiplies by alpha and divides by it, cutting off at 255', () => {
  const pixels = Uint8Array.of(200, 100, 1, 128, 9, 9, 9, 0, 7, 8, 9, 255);
  multiplyByAlpha(pixels);
  expect([...pixels]).toEqual([100, 50, 1, 128, 0, 0, 0, 0, 7, 8, 9, 255]);
  pixels[0] = 130;
  divideByAlpha(pixels);
  expect([...pixels]).toEqual([255, 99, 1, 128, 0, 0, 0, 0, 7, 8, 9, 255]);
});

it('recognizes an opaque image', () => {
  expect(isOpaque(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255))).toBe(true);
  expect(isOpaque(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 254))).toBe(false);
});
