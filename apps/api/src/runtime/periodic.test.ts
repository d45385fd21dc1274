import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Periodic } from './periodic.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function periodic(work: () => Promise<void>) {
  const draining = new AbortController();
  const errors: Error[] = [];
  const lifecycle = { draining: draining.signal };
  const runs = new Periodic(work, { intervalMs: 100, lifecycle, onError: (error) => void errors.push(error) });
  return { runs, draining, errors };
}

describe('Periodic', () => {
  it('runs at once, and again an interval after each run has ended', async () => {
    let count = 0;
    const { runs } = periodic(async () => {
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    runs.start();
    expect(count).toBe(1);
    await vi.advanceTimersByTimeAsync(149);
    expect(count).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(count).toBe(2);
    await vi.advanceTimersByTimeAsync(50);
    await runs.stop();
  });

  it('goes on after a run that failed, and reports the error', async () => {
    let count = 0;
    const { runs, errors } = periodic(async () => {
      count += 1;
      throw new Error(`Run ${count} failed.`);
    });
    runs.start();
    await vi.advanceTimersByTimeAsync(100);
    expect(errors.map(({ message }) => message)).toEqual(['Run 1 failed.', 'Run 2 failed.']);
    await runs.stop();
  });

  it('starts no run once the process drains, or after it was stopped', async () => {
    let count = 0;
    const work = async () => void (count += 1);
    const [drained, stopped] = [periodic(work), periodic(work)];
    drained.draining.abort();
    drained.runs.start();
    stopped.runs.start();
    await stopped.runs.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(count).toBe(2);
  });
});
