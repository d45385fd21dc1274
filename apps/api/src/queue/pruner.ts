import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { STORE } from '../database/store.provider.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { LOGGER } from '../runtime/logging.ts';
import { Periodic } from '../runtime/periodic.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Deletes jobs beyond the retention and blobs that no job names, at regular intervals. */
@Injectable()
export class Pruner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly periodic: Periodic;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly lifecycle: Lifecycle,
  ) {
    const onError = throttledWarning(logger, 'Pruning failed; the next time tries again.');
    this.periodic = new Periodic(() => this.prune(), { intervalMs: settings.storage.pruneMs, lifecycle, onError });
  }

  onApplicationBootstrap(): void {
    this.periodic.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.periodic.stop();
  }

  private async prune(): Promise<void> {
    const { retention, graceMs } = this.settings.storage;
    const deleted = await this.store.prune({ retention, graceMs, signal: this.lifecycle.draining });
    if (deleted && deleted.jobs + deleted.blobs > 0) this.logger.info(deleted, 'Pruned the storage.');
  }
}
