import { expect, it } from 'vitest';
import { float } from './float.ts';

it.each([
  [0, '0.0'],
  [1, '1.0'],
  [0.1, '0.1'],
  [1e-7, '1e-7'],
])('writes %d as Python writes a float', (value, expected) => {
  const text = JSON.stringify({ scores: [float(value)] });
  expect(text).toBe(`{"scores":[${expected}]}`);
  expect(JSON.parse(text)).toEqual({ scores: [value] });
});
