import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { refine, RefinementAborted, type Ending } from '@pentimento/agent';
import type { Job } from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import type { Claim } from '@pentimento/store';
import type { Services } from '../composition/services.ts';
import { refinementPorts } from '../composition/refinement-ports.ts';
import { RewardOutageError } from '../rewards/remote-reward.ts';
import { SERVICES } from '../composition/tokens.ts';
import { isTrusted } from '../jobs/admission.ts';
import { startHeartbeat } from './heartbeat.ts';
import { JobQueue } from './job-queue.ts';

/** Runs claimed jobs: heartbeat beside the loop, then the one write that ends the claim. */
@Injectable()
export class Refinements {
  private readonly worker = `${hostname()}:${process.pid}`;
  private readonly running = new Set<AbortController>();

  constructor(
    @Inject(SERVICES) private readonly services: Services,
    private readonly queue: JobQueue,
  ) {
    services.lifecycle.draining.addEventListener('abort', () => {
      for (const abort of this.running) abort.abort(new RefinementAborted('shutdown'));
    });
  }

  /** Null: another worker has the job, or it has ended. */
  claim(jobId: string): Promise<Claim | null> {
    const { store, environment } = this.services;
    return store.claim(jobId, this.worker, environment.queue.leaseMs);
  }

  /**
   * Works on a claimed job until it ends, is lost, or is given back. Never rejects: after an outage of anything but the
   * reward the claim is left to run out, so that the sweeper paces the repetitions and bounds their number.
   */
  async work(claim: Claim): Promise<void> {
    const { store, logger, lifecycle, environment } = this.services;
    const abort = new AbortController();
    this.running.add(abort);
    if (lifecycle.draining.aborted) abort.abort(new RefinementAborted('shutdown'));
    const heartbeat = startHeartbeat({ store, claim, abort, logger, ...environment.queue });
    try {
      const ending = await this.refine(claim, abort.signal).catch((error) => this.withoutReward(claim, error));
      await heartbeat.stop();
      await this.conclude(claim, ending);
    } catch (error) {
      logger.error({ err: error, jobId: claim.jobId }, 'A refinement broke off; its job is taken up again.');
      await heartbeat.stop();
    } finally {
      this.running.delete(abort);
    }
  }

  private async refine(claim: Claim, signal: AbortSignal): Promise<Ending> {
    const { languages, models, store } = this.services;
    const [job, from] = await Promise.all([store.getJob(claim.jobId), store.listIterations(claim.jobId)]);
    if (!job) return { kind: 'lost' };
    const started = { worker: claim.worker, fromIteration: from.length };
    if ((await store.emit(claim, { type: 'job.started', data: started })) === 'lost') return { kind: 'lost' };
    const language = languages.find(({ id }) => id === job.language);
    if (!language) return withoutLanguage(job);
    const trusted = isTrusted(models.state(job.model), job.firstCode !== null);
    return refine({ job: { ...job, language }, from, trusted, ports: refinementPorts(this.services, claim), signal });
  }

  /** Without scores a job cannot go on, and the sentence that says what to do is worth more than another try. */
  private async withoutReward(claim: Claim, error: unknown): Promise<Ending> {
    if (!(error instanceof RewardOutageError || error instanceof EncoderError)) throw error;
    const { store, logger } = this.services;
    logger.error({ err: error, jobId: claim.jobId }, 'A job cannot be scored.');
    const job = await store.getJob(claim.jobId);
    const message = `${error.message} All finished iterations are kept; retry the job to go on.`;
    return {
      kind: 'ended',
      stopReason: 'error',
      outcome: job?.best ? 'best_effort' : null,
      detail: error.message,
      error: { code: 'reward_unavailable', message },
    };
  }

  private async conclude(claim: Claim, ending: Ending): Promise<void> {
    const { store } = this.services;
    switch (ending.kind) {
      case 'ended':
        await store.finish(claim, ending);
        return;
      case 'interrupted':
        await store.release(claim);
        await this.queue.deliver(claim.jobId, claim.token);
        return;
      case 'lost':
        return;
    }
  }
}

/** The job was stored by a server that had more languages than this one. */
function withoutLanguage({ language, best }: Job): Ending {
  const detail = `This server does not know the language "${language}".`;
  const message = `${detail} All finished iterations are kept; retry the job on a server that has the language.`;
  const outcome = best ? 'best_effort' : null;
  return { kind: 'ended', stopReason: 'error', outcome, detail, error: { code: 'language_unknown', message } };
}
