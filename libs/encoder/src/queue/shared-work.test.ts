import { expect, it } from 'vitest';
import { SharedWork } from './shared-work.ts';

const noAbort = new AbortController().signal;

it('runs work under one key once for all who wait, and again afterwards', async () => {
  const shared = new SharedWork<number>();
  let times = 0;
  const work = () => Promise.resolve(++times);
  expect(await Promise.all(['a', 'a', 'b'].map((key) => shared.run(key, noAbort, work)))).toEqual([1, 1, 2]);
  expect(await shared.run('a', noAbort, work)).toBe(3);
});

it('continues while one waits, and aborts when the last one leaves', async () => {
  const shared = new SharedWork<never>();
  const [first, second] = [new AbortController(), new AbortController()];
  let stop: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    stop = signal;
    return new Promise<never>(() => {});
  };
  const waiting = [first, second].map(({ signal }) => shared.run('a', signal, work));
  first.abort(new Error('first'));
  await expect(waiting[0]).rejects.toThrow('first');
  expect(stop!.aborted).toBe(false);
  second.abort(new Error('second'));
  await expect(waiting[1]).rejects.toThrow('second');
  expect(stop!.aborted).toBe(true);
});

it('rejects for all who wait, and runs again the next time', async () => {
  const shared = new SharedWork<string>();
  const fails = () => Promise.reject(new Error('broken'));
  const both = await Promise.allSettled([shared.run('a', noAbort, fails), shared.run('a', noAbort, fails)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await shared.run('a', noAbort, () => Promise.resolve('fixed'))).toBe('fixed');
});
