import { tileSide } from '@pentimento/imaging';
import { expect, it } from 'vitest';
import { CropMemories, cropsIn } from './crop-memory.ts';

const cropBytes = tileSide * tileSide * 3;

it('gives memory that was given back to the next render that fits', () => {
  const memories = new CropMemories(2);
  const small = memories.take(2)!;
  memories.giveBack(small);
  const large = memories.take(3);
  expect(large).toHaveLength(3 * cropBytes);
  expect(memories.take(2)).toBe(small);
});

it('has none for a target of very many crops, and never more than its bound', () => {
  const memories = new CropMemories(1);
  expect(memories.take(49)).toBeNull();
  const memory = memories.take(1)!;
  expect(memories.take(1)).toBeNull();
  memories.giveBack(memory);
  expect(memories.take(1)).toBe(memory);
});

it('divides a memory into crops, and makes new ones where it ends', () => {
  const memory = new CropMemories(1).take(2)!;
  const next = cropsIn(memory);
  const [first, second, third] = [next(), next(), next()];
  expect([first, second, third].map(({ length }) => length)).toEqual([cropBytes, cropBytes, cropBytes]);
  expect([first.byteOffset, second.byteOffset]).toEqual([0, cropBytes]);
  expect(first.buffer).toBe(memory.buffer);
  expect(third.buffer).not.toBe(memory.buffer);
});
