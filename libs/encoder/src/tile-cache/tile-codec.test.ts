import { describe, expect, it } from 'vitest';
import { decodeTile, encodeTile } from './tile-codec.ts';

const tile = {
  vector: Float32Array.of(0.25, -1.5, 3),
  cells: { columns: 2, rows: 1, features: Int8Array.of(127, -127, 0, 5, 1, -1) },
};

it('decodes what it encoded', () => {
  expect(decodeTile(encodeTile(tile))).toEqual(tile);
});

it('reads bytes at any offset in memory', () => {
  const bytes = encodeTile(tile);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeTile(shifted.subarray(3))).toEqual(tile);
});

it('encodes a part of a larger vector', () => {
  const whole = Float32Array.of(9, 0.25, -1.5, 3, 9);
  expect(decodeTile(encodeTile({ ...tile, vector: whole.subarray(1, 4) }))).toEqual(tile);
});

describe('refuses', () => {
  it('bytes of which any one is changed', () => {
    const bytes = encodeTile(tile);
    for (let index = 0; index < bytes.length; index++) {
      const damaged = Uint8Array.from(bytes);
      damaged[index]! ^= 1;
      expect(decodeTile(damaged), `byte ${index}`).toBeUndefined();
    }
  });

  it('bytes that are truncated, too long, or missing', () => {
    const bytes = encodeTile(tile);
    for (const length of [0, 5, 23, 24, bytes.length - 1])
      expect(decodeTile(bytes.subarray(0, length))).toBeUndefined();
    expect(decodeTile(Uint8Array.of(...bytes, 0))).toBeUndefined();
  });
});
