import { expect, it, vi } from 'vitest';
import { DeadlineReached, withDeadline } from './deadline.ts';
import { Standing, type Child } from './standing.ts';

const never = new AbortController().signal;

class FakeChild implements Child {
  readonly name: number;
  isReady = true;
  readonly #end = Promise.withResolvers<void>();
  readonly ended = this.#end.promise;
  isKilled = false;
  constructor(name: number) {
    this.name = name;
  }
  ready(): Promise<boolean> {
    return Promise.resolve(this.isReady);
  }
  kill(): void {
    this.isKilled = true;
    this.#end.resolve();
  }
}

function family(): { children: FakeChild[]; standing: Standing<FakeChild> } {
  const children: FakeChild[] = [];
  const standing = new Standing(() => {
    const child = new FakeChild(children.length);
    children.push(child);
    return Promise.resolve(child);
  });
  return { children, standing };
}

it('keeps one child for all work', async () => {
  const { standing } = family();
  const use = (): Promise<number> => standing.use(1000, never, (child) => Promise.resolve(child.name));
  expect([await use(), await use()]).toEqual([0, 0]);
});

it('kills a child that runs past the deadline, and has the next one on its way', async () => {
  const { children, standing } = family();
  await expect(standing.use(5, never, () => new Promise(() => {}))).rejects.toThrow(DeadlineReached);
  expect(children.map((child) => child.isKilled)).toEqual([true, false]);
  expect(await standing.use(1000, never, (child) => Promise.resolve(child.name))).toBe(1);
});

it("kills a child whose caller gives up, and says the caller's reason", async () => {
  const { children, standing } = family();
  const caller = new AbortController();
  const use = standing.use(60_000, caller.signal, () => {
    caller.abort(new Error('canceled'));
    return new Promise(() => {});
  });
  await expect(use).rejects.toThrow('canceled');
  expect(children[0]!.isKilled).toBe(true);
});

it('replaces a child that has died, or is not well', async () => {
  const { children, standing } = family();
  const first = await standing.get();
  first.kill();
  await first.ended;
  const second = await standing.get();
  expect(second.name).toBe(1);
  second.isReady = false;
  expect((await standing.get()).name).toBe(2);
  expect(children[1]!.isKilled).toBe(true);
});

it('replaces a child once, however many find it lost', async () => {
  const { children, standing } = family();
  (await standing.get()).isReady = false;
  const found = await Promise.all([standing.get(), standing.get()]);
  expect(found.map((child) => child.name)).toEqual([1, 1]);
  expect(children.length).toBe(2);
});

it('replaces a child that does not say whether it is ready', async () => {
  vi.useFakeTimers();
  const { children, standing } = family();
  (await standing.get()).ready = () => new Promise(() => {});
  const next = standing.get();
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await next).name).toBe(1);
  expect(children[0]!.isKilled).toBe(true);
  vi.useRealTimers();
});

it('begins no work for one who has given up', async () => {
  let begun = 0;
  const begin = (): Promise<number> => Promise.resolve(begun++);
  const signal = AbortSignal.abort(new Error('canceled'));
  await expect(withDeadline(1000, signal, begin, () => {})).rejects.toThrow('canceled');
  expect(begun).toBe(0);
});

it('tries again after a child that did not start', async () => {
  let attempts = 0;
  const standing = new Standing(() =>
    attempts++ ? Promise.resolve(new FakeChild(attempts)) : Promise.reject(new Error('no')),
  );
  await expect(standing.get()).rejects.toThrow('no');
  expect((await standing.get()).name).toBe(2);
});

it('leaves none behind when it closes', async () => {
  const { children, standing } = family();
  await standing.get();
  await standing.close();
  expect(children[0]!.isKilled).toBe(true);
  await expect(standing.get()).rejects.toThrow('closed');
});
