import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { FairQueue } from '@pentimento/fair-queue';
import { ProblemException } from '../http/problem.exception.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Longest time that a request waits for its turn: trainers' clients give up after two or three minutes. */
const maxWaitMs = 60_000;
const maxRetryAfterSeconds = 60;

/** Resets and steps that this process works on or that wait for it. Sessions take turns. */
@Injectable()
export class StepQueue implements BeforeApplicationShutdown {
  private readonly queue: FairQueue;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(@Inject(SETTINGS) { environments }: Pick<Settings, 'environments'>) {
    this.queue = new FairQueue({ slots: environments.steps, maxWaiting: environments.maxWaiting });
  }

  /**
   * The signal ends the wait, and not the work, whose result is stored. Throws a ProblemException where too many wait, or where
   * the turn does not come in time.
   */
  async run<Result>(session: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const { queue } = this;
    if (!queue.hasFreeSlot(session) && !queue.hasRoomFor(1)) throw this.busy();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(this.busy()), maxWaitMs);
    try {
      return await queue.run(session, AbortSignal.any([signal, late.signal]), () => {
        clearTimeout(timer);
        return this.track(work());
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Work that is under way writes to the store, which closes later. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  private busy(): ProblemException {
    const { waiting, retryAfterSeconds } = this.queue;
    return new ProblemException('busy', `${waiting} resets and steps are waiting: send this one again later.`, {
      retryAfterSeconds: Math.min(maxRetryAfterSeconds, retryAfterSeconds),
    });
  }

  private track<Result>(work: Promise<Result>): Promise<Result> {
    this.underWay.add(work);
    return work.finally(() => this.underWay.delete(work));
  }
}
