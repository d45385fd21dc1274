import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { normalizationTable, PlaneWriter, type Normalization } from './normalize.ts';

const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** The values come from torchvision's ToTensor and Normalize, then `.to(bfloat16)`. */
it.each([
  ['none', '1d8b9af12b7b391827f7c801265239e21435c7e29b4d78c6189a35e437633897'],
  ['bf16', '3ad486224e7606db7084229cb1f7945975ff32d97514dede134195f767ad2dd3'],
] as const)('gives the values of torchvision, rounding %s', (round, sha256) => {
  const table = normalizationTable({ ...imagenet, round });
  expect(createHash('sha256').update(new Uint8Array(table.buffer)).digest('hex')).toBe(sha256);
});

it('arranges pixels as planes', () => {
  const plain: Normalization = { mean: [0, 0, 0], std: [1, 1, 1], round: 'none' };
  const writer = new PlaneWriter(plain, 2);
  expect([...writer.write(Uint8Array.of(0, 51, 255, 255, 102, 0))]).toEqual([0, 1, 0.2, 0.4, 1, 0].map(Math.fround));
  expect([...writer.write(Uint8Array.of(255, 0, 51, 0, 0, 0))]).toEqual([1, 0, 0, 0, 0.2, 0].map(Math.fround));
});

it('takes the value of every level of every channel from the table', () => {
  const normalization: Normalization = { ...imagenet, round: 'bf16' };
  const levels = Uint8Array.from({ length: 256 * 3 }, (_, index) => Math.floor(index / 3));
  const planes = new PlaneWriter(normalization, 256).write(levels);
  expect([...planes]).toEqual([...normalizationTable(normalization)]);
});
