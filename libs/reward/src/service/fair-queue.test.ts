import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';
import { RewardServiceBusyError } from './service-errors.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

describe('FairQueue', () => {
  it('lets the lanes take turns, each in its own order', async () => {
    const queue = new FairQueue({ atOnce: 1, places: 10 });
    const first = held();
    const order: string[] = [];
    const note = (name: string) => async () => void order.push(name);
    const all = [
      queue.run('batch', never, first.work),
      ...['batch 1', 'batch 2', 'batch 3'].map((name) => queue.run('batch', never, note(name))),
      queue.run('single', never, note('single')),
      queue.run('other', never, note('other')),
    ];
    first.end();
    await Promise.all(all);
    expect(order).toEqual(['batch 1', 'single', 'other', 'batch 2', 'batch 3']);
  });

  it('works on no more at once than it may, also after a failure', async () => {
    const queue = new FairQueue({ atOnce: 2, places: 10 });
    let [running, most] = [0, 0];
    const work = async (index: number) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (index === 1) throw new Error('broken');
    };
    const ends = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => queue.run('a', never, () => work(index))));
    expect(most).toBe(2);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  });

  it('lets go of who gives up, and keeps the place for another', async () => {
    const queue = new FairQueue({ atOnce: 1, places: 1 });
    const first = held();
    const running = queue.run('a', never, first.work);
    const caller = new AbortController();
    const waiting = queue.run('b', caller.signal, () => Promise.resolve('never'));
    expect(() => queue.admit(1)).toThrow(RewardServiceBusyError);
    caller.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    queue.admit(1);
    const next = queue.run('c', never, () => Promise.resolve('next'));
    first.end();
    await running;
    expect(await next).toBe('next');
  });

  it('says when it is worth asking again', () => {
    const queue = new FairQueue({ atOnce: 1, places: 2 });
    try {
      queue.admit(3);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ retryAfterSeconds: 1 });
    }
  });
});
