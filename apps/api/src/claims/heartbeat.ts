import { RefinementAborted } from '@pentimento/agent';
import type { Claim, Store } from '@pentimento/store';
import type { Logger } from 'pino';

interface HeartbeatOptions {
  store: Pick<Store, 'heartbeat'>;
  claim: Claim;
  abort: AbortController;
  leaseMs: number;
  heartbeatMs: number;
  logger: Logger;
}

/**
 * Renews a claim at intervals, and aborts the refinement when the user cancels or the claim is lost. A heartbeat that
 * fails is not fatal: the lease decides. Returns what stops it.
 */
export function startHeartbeat({ store, claim, abort, leaseMs, heartbeatMs, logger }: HeartbeatOptions): {
  stop(): Promise<void>;
} {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let pending = Promise.resolve();

  const beat = async () => {
    try {
      const found = await store.heartbeat(claim, leaseMs);
      if (found === 'canceling') abort.abort(new RefinementAborted('user'));
      if (found === 'lost') abort.abort(new RefinementAborted('lost'));
      if (found === 'lost') stopped = true;
    } catch (error) {
      logger.warn({ err: error, jobId: claim.jobId }, 'A heartbeat failed.');
    }
    schedule();
  };
  const schedule = () => {
    if (stopped) return;
    timer = setTimeout(() => (pending = beat()), heartbeatMs);
  };
  schedule();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await pending;
    },
  };
}
