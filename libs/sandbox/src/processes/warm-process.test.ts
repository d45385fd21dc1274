import { expect, it, vi } from 'vitest';
import { DeadlineExceeded } from '@pentimento/abort';
import { WarmProcess, type ManagedProcess } from './warm-process.ts';

const noAbort = new AbortController().signal;

class FakeProcess implements ManagedProcess {
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

function createWarmProcess(): { started: FakeProcess[]; warm: WarmProcess<FakeProcess> } {
  const started: FakeProcess[] = [];
  const warm = new WarmProcess(() => {
    const process = new FakeProcess(started.length);
    started.push(process);
    return Promise.resolve(process);
  });
  return { started, warm };
}

it('keeps one process for all work', async () => {
  const { warm } = createWarmProcess();
  const use = (): Promise<number> => warm.use(1000, noAbort, (process) => Promise.resolve(process.name));
  expect([await use(), await use()]).toEqual([0, 0]);
});

it('kills a process that exceeds its deadline, and starts the next one', async () => {
  const { started, warm } = createWarmProcess();
  await expect(warm.use(5, noAbort, () => new Promise(() => {}))).rejects.toThrow(DeadlineExceeded);
  expect(started.map((process) => process.isKilled)).toEqual([true, false]);
  expect(await warm.use(1000, noAbort, (process) => Promise.resolve(process.name))).toBe(1);
});

it("kills a process whose work is aborted, and rejects with the signal's reason", async () => {
  const { started, warm } = createWarmProcess();
  const caller = new AbortController();
  const use = warm.use(60_000, caller.signal, () => {
    caller.abort(new Error('canceled'));
    return new Promise(() => {});
  });
  await expect(use).rejects.toThrow('canceled');
  expect(started[0]!.isKilled).toBe(true);
});

it('replaces a process that has died, or cannot take work any more', async () => {
  const { started, warm } = createWarmProcess();
  const first = await warm.get();
  first.kill();
  await first.ended;
  const second = await warm.get();
  expect(second.name).toBe(1);
  second.isReady = false;
  expect((await warm.get()).name).toBe(2);
  expect(started[1]!.isKilled).toBe(true);
});

it('replaces a process once, however many callers find it lost', async () => {
  const { started, warm } = createWarmProcess();
  (await warm.get()).isReady = false;
  const found = await Promise.all([warm.get(), warm.get()]);
  expect(found.map((process) => process.name)).toEqual([1, 1]);
  expect(started.length).toBe(2);
});

it('replaces a process that does not say whether it is ready', async () => {
  vi.useFakeTimers();
  const { started, warm } = createWarmProcess();
  (await warm.get()).ready = () => new Promise(() => {});
  const next = warm.get();
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await next).name).toBe(1);
  expect(started[0]!.isKilled).toBe(true);
  vi.useRealTimers();
});

it('tries again after a process that did not start', async () => {
  let attempts = 0;
  const warm = new WarmProcess(() =>
    attempts++ ? Promise.resolve(new FakeProcess(attempts)) : Promise.reject(new Error('no')),
  );
  await expect(warm.get()).rejects.toThrow('no');
  expect((await warm.get()).name).toBe(2);
});

it('leaves no process running when it closes', async () => {
  const { started, warm } = createWarmProcess();
  await warm.get();
  await warm.close();
  expect(started[0]!.isKilled).toBe(true);
  await expect(warm.get()).rejects.toThrow('closed');
});
