import { RefinementAborted } from '@pentimento/agent';
import type { Claim, Store } from '@pentimento/store';
import type { Logger } from 'pino';

interface Beating {
  store: Pick<Store, 'heartbeat'>;
  claim: Claim;
  abort: AbortController;
  leaseMs: number;
  beatMs: number;
  logger: Logger;
}

/**
 * Keeps a claim alive, one beat after another, and aborts the refinement when the user cancels or the claim is lost.
 * A beat that fails is tried again at the next: the lease decides. Returns what ends it.
 */
export function startHeartbeat({ store, claim, abort, leaseMs, beatMs, logger }: Beating): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let beating = Promise.resolve();

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
    timer = setTimeout(() => (beating = beat()), beatMs);
  };
  schedule();

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await beating;
    },
  };
}
