import { expect, it } from 'vitest';
import { planSplits, type TargetFingerprint } from './splits.ts';

/** An id at some position among all: 0.25 is a quarter of the way. */
const idAt = (position: number): string =>
  Math.floor(position * 16 ** 12)
    .toString(16)
    .padStart(12, '0')
    .padEnd(64, '0');

const plain = (value: number, aspect = 1): TargetFingerprint => ({ cells: new Uint8Array(768).fill(value), aspect });

function plan(images: Record<string, TargetFingerprint | null>, shares = { validation: 0.2, test: 0.3 }) {
  const targets = (async function* () {
    yield* Object.keys(images);
  })();
  return planSplits(targets, shares, (target) => Promise.resolve(images[target] ?? null));
}

it('assigns each target by its hash', async () => {
  const splitOf = await plan({ [idAt(0.1)]: plain(0), [idAt(0.4)]: plain(90), [idAt(0.9)]: plain(200) });
  expect([0.1, 0.4, 0.9].map((position) => splitOf(idAt(position)))).toEqual(['test', 'validation', 'train']);
});

it('keeps nearly equal targets together, also through a third', async () => {
  const images = { [idAt(0.1)]: plain(100), [idAt(0.4)]: plain(102), [idAt(0.9)]: plain(104) };
  const splitOf = await plan(images);
  expect(Object.keys(images).map(splitOf)).toEqual(['test', 'test', 'test']);
  const reversed = await plan(Object.fromEntries(Object.entries(images).reverse()));
  expect(Object.keys(images).map(reversed)).toEqual(['test', 'test', 'test']);
});

it('keeps targets apart that differ in one detail or in their shape', async () => {
  const detail = plain(100);
  detail.cells[5] = 180;
  const splitOf = await plan({ [idAt(0.1)]: plain(100), [idAt(0.4)]: detail, [idAt(0.9)]: plain(100, 1.5) });
  expect([0.1, 0.4, 0.9].map((position) => splitOf(idAt(position)))).toEqual(['test', 'validation', 'train']);
});

it('assigns a target by its hash whose image is gone, and reads none where everything is for training', async () => {
  expect((await plan({ [idAt(0.1)]: null }))(idAt(0.1))).toBe('test');
  const targets = (async function* () {
    yield idAt(0.1);
  })();
  const splitOf = await planSplits(targets, { validation: 0, test: 0 }, () =>
    Promise.reject(new Error('It was read.')),
  );
  expect(splitOf(idAt(0.1))).toBe('train');
});
