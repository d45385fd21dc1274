import type { Heartbeat } from '@pentimento/store';
import type { Logger } from 'pino';

interface HeartbeatOptions {
  /** Renews the claim. */
  beat(): Promise<Heartbeat>;
  /** Stops the work, because the user cancels it or the claim is lost. It may be called again. */
  stopWork(by: 'user' | 'lost'): void;
  heartbeatMs: number;
  /** Calls `wake` where the next heartbeat should not be waited for. Returns the function that unsubscribes. */
  onWake?(wake: () => void): () => void;
  logger: Logger;
}

/**
 * Renews a claim at intervals, and stops the work when the user cancels or the claim is lost. A heartbeat that fails is not
 * fatal: the lease decides. Returns what stops it.
 */
export function startHeartbeat({ beat, stopWork, heartbeatMs, onWake, logger }: HeartbeatOptions): {
  stop(): Promise<void>;
} {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let pending = Promise.resolve();

  const renew = async () => {
    try {
      const found = await beat();
      if (found === 'canceling') stopWork('user');
      if (found === 'lost') stopWork('lost');
      if (found === 'lost') stopped = true;
    } catch (error) {
      logger.warn({ err: error }, 'A heartbeat failed.');
    }
    schedule();
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => (pending = renew()), heartbeatMs);
  };
  schedule();
  const wake = () => {
    clearTimeout(timer);
    if (!stopped) pending = pending.then(renew);
  };
  const unsubscribe = onWake?.(wake);

  return {
    async stop() {
      stopped = true;
      unsubscribe?.();
      clearTimeout(timer);
      await pending;
    },
  };
}
