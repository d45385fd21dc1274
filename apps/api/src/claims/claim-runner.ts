import { Inject, Injectable } from '@nestjs/common';
import { RefinementAborted } from '@pentimento/agent';
import type { Claim, Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { STORE } from '../database/store.provider.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { startHeartbeat } from './heartbeat.ts';

/** Runs work under a claim that is renewed meanwhile. */
@Injectable()
export class ClaimRunner {
  private readonly running = new Set<AbortController>();

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly lifecycle: Lifecycle,
  ) {
    lifecycle.draining.addEventListener('abort', () => {
      for (const abort of this.running) abort.abort(new RefinementAborted('shutdown'));
    });
  }

  /** The signal of `work` aborts with a RefinementAborted: the user cancels, the claim is lost, or the process shuts down. */
  async run<Result>(claim: Claim, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { store, logger } = this;
    const { leaseMs, heartbeatMs } = this.settings.queue;
    const abort = new AbortController();
    this.running.add(abort);
    if (this.lifecycle.draining.aborted) abort.abort(new RefinementAborted('shutdown'));
    const heartbeat = startHeartbeat({
      beat: () => store.heartbeat(claim, leaseMs),
      onWake: (wake) => store.onStop(claim.jobId, wake),
      stopWork: (by) => abort.abort(new RefinementAborted(by)),
      logger: logger.child({ jobId: claim.jobId }),
      heartbeatMs,
    });
    try {
      return await work(abort.signal);
    } finally {
      await heartbeat.stop();
      this.running.delete(abort);
    }
  }
}
