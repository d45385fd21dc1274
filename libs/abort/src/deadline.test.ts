import { expect, it } from 'vitest';
import { DeadlineExceeded, orAborted, withDeadline } from './deadline.ts';

const forever = (): Promise<never> => new Promise(() => {});

it('resolves with the result of work that is done in time, and kills nothing', async () => {
  let kills = 0;
  expect(await withDeadline({ deadlineMs: 1000, kill: () => kills++ }, () => Promise.resolve(7))).toBe(7);
  expect(kills).toBe(0);
});

it('says the message that it is given where the deadline passes', async () => {
  await expect(withDeadline({ deadlineMs: 5, message: 'Too late.' }, forever)).rejects.toThrow('Too late.');
});

it('rejects with the reason of the signal as soon as it aborts, however long the work takes', async () => {
  const caller = new AbortController();
  const waiting = orAborted(forever(), caller.signal);
  caller.abort(new Error('canceled'));
  await expect(waiting).rejects.toThrow('canceled');
  await expect(orAborted(forever(), caller.signal)).rejects.toThrow('canceled');
});

it('settles as the work does while the signal has not aborted', async () => {
  const { signal } = new AbortController();
  expect(await orAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(orAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
});

it('kills work that runs past its deadline', async () => {
  let kills = 0;
  await expect(withDeadline({ deadlineMs: 5, kill: () => kills++ }, forever)).rejects.toThrow(DeadlineExceeded);
  expect(kills).toBe(1);
});

it("kills work whose signal aborts, and rejects with the signal's reason", async () => {
  let kills = 0;
  const caller = new AbortController();
  const options = { deadlineMs: 60_000, signal: caller.signal, kill: () => kills++ };
  const work = withDeadline(options, () => {
    caller.abort(new Error('canceled'));
    return forever();
  });
  await expect(work).rejects.toThrow('canceled');
  expect(kills).toBe(1);
});

it('starts no work for a signal that has aborted already', async () => {
  let started = 0;
  const signal = AbortSignal.abort(new Error('canceled'));
  await expect(withDeadline({ deadlineMs: 1000, signal }, () => Promise.resolve(started++))).rejects.toThrow(
    'canceled',
  );
  expect(started).toBe(0);
});
