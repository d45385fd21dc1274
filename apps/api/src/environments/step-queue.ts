import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { FairQueue } from '@pentimento/fair-queue';
import { ProblemException } from '../http/problem.exception.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Resets and steps that this process works on or that wait for it. Sessions take turns. */
@Injectable()
export class StepQueue implements BeforeApplicationShutdown {
  private readonly queue: FairQueue;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(@Inject(SETTINGS) { environments }: Pick<Settings, 'environments'>) {
    this.queue = new FairQueue({ slots: environments.steps, maxWaiting: environments.maxWaiting });
  }

  /** The signal ends the wait, and not the work, whose result is stored. Throws a ProblemException where too many wait. */
  async run<Result>(session: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const { queue } = this;
    if (!queue.hasFreeSlot && !queue.hasRoomFor(1)) {
      const detail = `${queue.waiting} resets and steps are waiting: send this one again later.`;
      throw new ProblemException('busy', detail, { retryAfterSeconds: queue.retryAfterSeconds });
    }
    return queue.run(session, signal, () => this.track(work()));
  }

  /** Work that is under way writes to the store, which closes later. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  private track<Result>(work: Promise<Result>): Promise<Result> {
    this.underWay.add(work);
    return work.finally(() => this.underWay.delete(work));
  }
}
