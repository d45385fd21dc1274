import { describe, expect, it } from 'vitest';
import { InFlight } from './in-flight.ts';

const noAbort = new AbortController().signal;

/** Work that ends when told, and rejects when it is aborted. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const started: AbortSignal[] = [];
  const start = (signal: AbortSignal) => {
    started.push(signal);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    return promise;
  };
  return { started, start, resolve };
}

describe('InFlight', () => {
  it('starts equal work once, and gives its result to all who wait', async () => {
    const inFlight = new InFlight<number>();
    const { started, start, resolve } = controlled();
    const results = [1, 2, 3].map(() => inFlight.run('a', noAbort, start));
    expect(inFlight.joined).toBe(2);
    resolve(7);
    expect(await Promise.all(results)).toEqual([7, 7, 7]);
    expect(inFlight.joined).toBe(0);
    expect(started).toHaveLength(1);
    expect(await inFlight.run('a', noAbort, async () => 8)).toBe(8);
  });

  it('keeps other work apart', async () => {
    const inFlight = new InFlight<number>();
    const results = ['a', 'b'].map((key, index) => inFlight.run(key, noAbort, async () => index));
    expect(await Promise.all(results)).toEqual([0, 1]);
  });

  it('goes on where one of two callers leaves, also the one that started it', async () => {
    const inFlight = new InFlight<number>();
    const { started, start, resolve } = controlled();
    const first = new AbortController();
    const leaving = inFlight.run('a', first.signal, start);
    const staying = inFlight.run('a', noAbort, start);
    first.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    expect(started[0]!.aborted).toBe(false);
    resolve(7);
    expect(await staying).toBe(7);
  });

  it('is aborted when the last caller leaves, and the next one starts again', async () => {
    const inFlight = new InFlight<number>();
    const { started, start } = controlled();
    const caller = new AbortController();
    const leaving = inFlight.run('a', caller.signal, start);
    caller.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    expect(started[0]!.aborted).toBe(true);
    expect(await inFlight.run('a', noAbort, async () => 8)).toBe(8);
  });

  it('rejects as the work does, for all, and forgets it', async () => {
    const inFlight = new InFlight<number>();
    const broken = () => Promise.reject(new Error('broken'));
    const results = [1, 2].map(() => inFlight.run('a', noAbort, broken));
    for (const result of results) await expect(result).rejects.toThrow('broken');
    expect(await inFlight.run('a', noAbort, async () => 8)).toBe(8);
  });

  it('starts nothing for a caller that has left', async () => {
    const inFlight = new InFlight<number>();
    const { started, start } = controlled();
    await expect(inFlight.run('a', AbortSignal.abort(new Error('left')), start)).rejects.toThrow('left');
    expect(started).toEqual([]);
  });
});
