import type { Heartbeat } from '@pentimento/store';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Starts a heartbeat every 100 ms; the store answers in turn, with the last answer from then on. */
function start(...answers: (Heartbeat | Error)[]) {
  const abort = new AbortController();
  let beats = 0;
  let wake = () => {};
  const heartbeat = startHeartbeat({
    beat: async () => {
      const answer = answers[Math.min(beats++, answers.length - 1)]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    stopWork: (by) => abort.abort(by),
    heartbeatMs: 100,
    onWake: (listener) => {
      wake = listener;
      return () => (wake = () => {});
    },
    logger: pino({ level: 'silent' }),
  });
  return { abort, heartbeat, beats: () => beats, wake: () => wake() };
}
const reason = ({ signal }: AbortController) => signal.reason as unknown;

describe('startHeartbeat', () => {
  it('renews the claim until it is stopped', async () => {
    const { abort, heartbeat, beats } = start('held');
    await vi.advanceTimersByTimeAsync(350);
    expect(beats()).toBe(3);
    await heartbeat.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(beats()).toBe(3);
    expect(abort.signal.aborted).toBe(false);
  });

  it('stops the work for the user, and renews the claim until the work has stopped', async () => {
    const { abort, heartbeat, beats } = start('held', 'canceling');
    await vi.advanceTimersByTimeAsync(450);
    expect(reason(abort)).toBe('user');
    expect(beats()).toBe(4);
    await heartbeat.stop();
  });

  it('stops the work at once when it is woken', async () => {
    const { abort, heartbeat, wake, beats } = start('held', 'canceling');
    await vi.advanceTimersByTimeAsync(100);
    wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(reason(abort)).toBe('user');
    await vi.advanceTimersByTimeAsync(250);
    expect(beats()).toBe(4);
    await heartbeat.stop();
    wake();
    expect(beats()).toBe(4);
  });

  it('stops lost work, and itself', async () => {
    const { abort, beats } = start('lost');
    await vi.advanceTimersByTimeAsync(1000);
    expect(reason(abort)).toBe('lost');
    expect(beats()).toBe(1);
  });

  it('survives failed heartbeats, since the lease decides', async () => {
    const { abort, heartbeat, beats } = start(new Error('no answer'), new Error('no answer'), 'held');
    await vi.advanceTimersByTimeAsync(350);
    expect(beats()).toBe(3);
    expect(abort.signal.aborted).toBe(false);
    await heartbeat.stop();
  });
});
