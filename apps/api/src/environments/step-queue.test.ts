import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StepQueue } from './step-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const noAbort = new AbortController().signal;
const busy = expect.objectContaining({ code: 'busy', retryAfterSeconds: expect.any(Number) });

function queueOf(steps: number, maxWaiting: number) {
  return new StepQueue({ environments: { steps, maxWaiting, maxOpen: 1, idleMs: 1 } });
}

/** Work that goes on until it is let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, open: () => resolve('done') };
}

it('works on as many requests as it may, lets as many wait as it may, and refuses the others', async () => {
  const queue = queueOf(1, 1);
  const { work, open } = gate();
  const [running, waiting] = [queue.run('a', noAbort, work), queue.run('b', noAbort, work)];
  await expect(queue.run('c', noAbort, work)).rejects.toEqual(busy);
  open();
  expect(await Promise.all([running, waiting])).toEqual(['done', 'done']);
  expect(await queue.run('c', noAbort, work)).toBe('done');
});

it('refuses a request whose turn does not come within a minute, and none that is worked on', async () => {
  const queue = queueOf(1, 10);
  const { work, open } = gate();
  const running = queue.run('a', noAbort, work);
  const late = expect(queue.run('b', noAbort, work)).rejects.toEqual(busy);
  await vi.advanceTimersByTimeAsync(60_000);
  await late;
  open();
  expect(await running).toBe('done');
});

it('ends the wait of a client that has gone, and not the work that it has asked for', async () => {
  const queue = queueOf(1, 10);
  const { work, open } = gate();
  const gone = new AbortController();
  const running = queue.run('a', gone.signal, work);
  const waiting = expect(queue.run('b', gone.signal, work)).rejects.toThrow('The client has disconnected.');
  gone.abort(new Error('The client has disconnected.'));
  await waiting;
  open();
  expect(await running).toBe('done');
});

it('closes once the work that is under way has ended, also where that fails', async () => {
  const queue = queueOf(2, 10);
  const { work, open } = gate();
  const failing = Promise.withResolvers<string>();
  const [running, broken] = [queue.run('a', noAbort, work), queue.run('b', noAbort, () => failing.promise)];
  const closing = queue.beforeApplicationShutdown();
  let closed = false;
  void closing.then(() => (closed = true));
  failing.reject(new Error('broken'));
  await expect(broken).rejects.toThrow('broken');
  expect(closed).toBe(false);
  open();
  await closing;
  expect(await running).toBe('done');
});
