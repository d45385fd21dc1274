import { expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const noAbort = new AbortController().signal;

/** Work that ends when `end` is called. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

/** Runs work that notes when it starts and ends. */
function noting(queue: FairQueue, order: string[]) {
  return (name: string, key = '') =>
    queue.run(key, noAbort, async () => {
      order.push(`${name} starts`);
      await Promise.resolve();
      order.push(`${name} ends`);
    });
}

it('runs one at a time in one slot, first come, first served', async () => {
  const order: string[] = [];
  const run = noting(new FairQueue({ slots: 1, maxWaiting: 10 }), order);
  await Promise.all(['a', 'b', 'c'].map((name) => run(name)));
  expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
});

it('runs no more at a time than it has slots, also after a failure', async () => {
  const queue = new FairQueue({ slots: 2, maxWaiting: 10 });
  let [running, max] = [0, 0];
  const work = async (index: number) => {
    max = Math.max(max, ++running);
    await Promise.resolve();
    running--;
    if (index === 1) throw new Error('broken');
  };
  const ends = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => queue.run('a', noAbort, () => work(index))));
  expect(max).toBe(2);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect(queue.hasFreeSlot('a')).toBe(true);
});

it('lets keys take turns, however much one of them has waiting', async () => {
  const order: string[] = [];
  const run = noting(new FairQueue({ slots: 1, maxWaiting: 10 }), order);
  await Promise.all([...[1, 2, 3, 4].map((n) => run(`a${n}`, 'a')), run('b1', 'b'), run('c1', 'c')]);
  expect(order.filter((step) => step.endsWith('starts'))).toEqual(
    ['a1', 'a2', 'b1', 'c1', 'a3', 'a4'].map((name) => `${name} starts`),
  );
});

it('keeps the order of each key, and lets a single item pass a batch', async () => {
  const queue = new FairQueue({ slots: 1, maxWaiting: 10 });
  const first = held();
  const order: string[] = [];
  const note = (name: string) => async () => void order.push(name);
  const all = [
    queue.run('batch', noAbort, first.work),
    ...['batch 1', 'batch 2', 'batch 3'].map((name) => queue.run('batch', noAbort, note(name))),
    queue.run('single', noAbort, note('single')),
    queue.run('other', noAbort, note('other')),
  ];
  first.end();
  await Promise.all(all);
  expect(order).toEqual(['batch 1', 'single', 'other', 'batch 2', 'batch 3']);
});

it('starts work of a key that has nothing running beside full slots, one at a time, and gives no slot more to a batch', async () => {
  const queue = new FairQueue({ slots: 2, extraSlots: 1, maxWaiting: 10 });
  const order: string[] = [];
  const works = new Map<string, ReturnType<typeof held>>();
  const run = (key: string, name: string) => {
    const work = held();
    works.set(name, work);
    return queue.run(key, noAbort, () => (order.push(name), work.work()));
  };
  const end = async (name: string, running: Promise<void>) => (works.get(name)!.end(), running);
  const [batch1, batch2] = [run('batch', 'batch 1'), run('batch', 'batch 2'), run('batch', 'batch 3')];
  const single = run('single', 'single 1');
  void run('single', 'single 2');
  void run('other', 'other');
  expect(order).toEqual(['batch 1', 'batch 2', 'single 1']);
  await end('batch 1', batch1);
  expect(order.at(-1)).toBe('other');
  await end('single 1', single);
  expect(order.at(-1)).toBe('single 2');
  await end('batch 2', batch2);
  expect(order.at(-1)).toBe('batch 3');
  expect(order).toHaveLength(6);
});

it('gives a batch only its share of the slots while another key is there, and all of them afterwards', async () => {
  const queue = new FairQueue({ slots: 4, maxWaiting: 10 });
  const order: string[] = [];
  const works = new Map<string, ReturnType<typeof held>>();
  const run = (key: string, name: string) => {
    const work = held();
    works.set(name, work);
    return queue.run(key, noAbort, () => (order.push(name), work.work()));
  };
  const batch = [1, 2, 3, 4, 5, 6, 7].map((number) => run('batch', `batch ${number}`));
  const single = run('single', 'single');
  const end = async (name: string, running: Promise<void>) => (works.get(name)!.end(), running);
  await end('batch 1', batch[0]!);
  expect(order.at(-1)).toBe('single');
  await end('batch 2', batch[1]!);
  await end('batch 3', batch[2]!);
  expect(order.at(-1)).toBe('batch 5');
  await end('single', single);
  expect(order.slice(-2)).toEqual(['batch 6', 'batch 7']);
});

it('removes waiting work that is aborted, and gives its place to another', async () => {
  const queue = new FairQueue({ slots: 1, maxWaiting: 1 });
  const first = held();
  const running = queue.run('a', noAbort, first.work);
  const caller = new AbortController();
  const waiting = queue.run('b', caller.signal, () => Promise.resolve('never'));
  expect([queue.waiting, queue.hasRoomFor(1)]).toEqual([1, false]);
  caller.abort(new Error('left'));
  await expect(waiting).rejects.toThrow('left');
  expect([queue.waiting, queue.hasRoomFor(1)]).toEqual([0, true]);
  const next = queue.run('c', noAbort, () => Promise.resolve('next'));
  first.end();
  await running;
  expect(await next).toBe('next');
  await expect(queue.run('d', noAbort, () => Promise.resolve('later'))).resolves.toBe('later');
});

it('rejects work that is aborted already', async () => {
  const late = AbortSignal.abort(new Error('late'));
  const work = () => Promise.reject(new Error('it ran'));
  await expect(new FairQueue({ slots: 1, maxWaiting: 1 }).run('', late, work)).rejects.toThrow('late');
});

it('estimates when to try again from how long a run takes', async () => {
  let clock = 0;
  const queue = new FairQueue({ slots: 1, maxWaiting: 3 }, () => clock);
  const first = held();
  const running = queue.run('', noAbort, first.work);
  for (let index = 0; index < 3; index++) void queue.run('', noAbort, () => new Promise(() => {}));
  expect([queue.hasRoomFor(1), queue.retryAfterSeconds]).toEqual([false, 1]);
  clock = 4000;
  first.end();
  await running;
  void queue.run('', noAbort, () => new Promise(() => {}));
  expect([queue.hasRoomFor(1), queue.retryAfterSeconds]).toEqual([false, 12]);
});
