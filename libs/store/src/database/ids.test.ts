import { expect, it } from 'vitest';
import { uuidv7 } from './ids.ts';

it('makes UUIDs of version 7 that sort by their time', () => {
  const ids = [0, 1, 1_793_440_800_000, 2 ** 48 - 1].map(uuidv7);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids[2]!.slice(0, 13).replace('-', '')).toBe((1_793_440_800_000).toString(16).padStart(12, '0'));
});

it('makes different ones within a millisecond', () => {
  expect(new Set(Array.from({ length: 1000 }, () => uuidv7(5))).size).toBe(1000);
});
