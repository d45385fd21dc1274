import { expect, it } from 'vitest';
import { inTurn } from './results-in-turn.ts';

const noAbort = new AbortController().signal;

async function listOf<Result>(results: AsyncIterable<Result>): Promise<Result[]> {
  const list: Result[] = [];
  for await (const result of results) list.push(result);
  return list;
}

it('gives results in the order in which they are there', async () => {
  const promises = [0, 1, 2].map(() => Promise.withResolvers<string>());
  const results = inTurn(
    promises.map(({ promise }) => promise),
    noAbort,
  );
  const first = results.next();
  promises[2]!.resolve('c');
  expect(await first).toEqual({ done: false, value: { index: 2, result: 'c' } });
  promises[1]!.resolve('b');
  promises[0]!.resolve('a');
  expect(await listOf(results)).toEqual([
    { index: 1, result: 'b' },
    { index: 0, result: 'a' },
  ]);
});

it('gives none of none', async () => {
  expect(await listOf(inTurn([], noAbort))).toEqual([]);
});

it('ends with the reason of an abort, whatever is still to come', async () => {
  const caller = new AbortController();
  const results = inTurn([Promise.resolve('a'), new Promise<string>(() => {})], caller.signal);
  await results.next();
  const second = results.next();
  caller.abort(new Error('left'));
  await expect(second).rejects.toThrow('left');
});
