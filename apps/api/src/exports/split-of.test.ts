import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { splitOf } from './split-of.ts';

const tasks = Array.from({ length: 4000 }, (_, index) => createHash('sha256').update(String(index)).digest('hex'));
const count = (splits: string[]) =>
  Object.fromEntries([...Map.groupBy(splits, (split) => split)].map(([split, all]) => [split, all.length]));

it('puts every task into training unless there are other shares', () => {
  expect(count(tasks.map((task) => splitOf(task, { validation: 0, test: 0 })))).toEqual({ train: 4000 });
});

it('gives each split about its share, the same tasks each time', () => {
  const shares = { validation: 0.1, test: 0.25 };
  const splits = tasks.map((task) => splitOf(task, shares));
  expect(tasks.map((task) => splitOf(task, shares))).toEqual(splits);
  const { train, validation, test } = count(splits);
  expect(Math.abs(test! - 1000)).toBeLessThan(120);
  expect(Math.abs(validation! - 400)).toBeLessThan(80);
  expect(train! + validation! + test!).toBe(4000);
});
