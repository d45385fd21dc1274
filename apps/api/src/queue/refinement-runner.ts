import { Inject, Injectable } from '@nestjs/common';
import { refine, searchStrategies, type RefinementExit } from '@pentimento/agent';
import { ofInterventionKind, type Job } from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import type { Models } from '@pentimento/models';
import { RewardOutageError } from '@pentimento/reward';
import type { Claim, Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { ClaimPorts } from '../claims/claim-ports.ts';
import { ClaimRunner } from '../claims/claim-runner.ts';
import { createPartialReplyWriter } from '../claims/partial-reply-writer.ts';
import { STORE } from '../database/store.provider.ts';
import { MODELS } from '../models/models.provider.ts';
import { isTrusted } from '../models/trust.ts';
import { TargetLanguages } from '../renders/target-languages.ts';
import { LOGGER } from '../runtime/logging.ts';
import { throttledWarning } from '../runtime/throttled-warning.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { JobQueue } from './job-queue.ts';
import type { Runner } from './work-processor.ts';
import { workerName } from '../claims/worker-name.ts';

/** Runs claimed jobs: the loop, then the one write that ends the claim. */
@Injectable()
export class RefinementRunner implements Runner<Claim> {
  private readonly warnOfPartialReplies: (error: Error) => void;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    @Inject(MODELS) private readonly models: Models,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly claims: ClaimRunner,
    private readonly ports: ClaimPorts,
    private readonly queue: JobQueue,
    private readonly languages: TargetLanguages,
  ) {
    this.warnOfPartialReplies = throttledWarning(logger, 'A reply cannot be shown while it is written.');
  }

  /** Null: another worker has the job, or it has ended. */
  claim(jobId: string): Promise<Claim | null> {
    return this.store.claim(jobId, workerName, this.settings.queue.leaseMs);
  }

  /**
   * Works on a claimed job until it ends, is lost, or is given back. Never rejects: after an outage of anything but the
   * reward the claim is left to expire, so that the sweeper paces and bounds the repetitions.
   */
  async work(claim: Claim): Promise<void> {
    try {
      const exit = await this.claims.run(claim, (signal) =>
        this.refine(claim, signal).catch((error) => this.endWithoutReward(claim, error)),
      );
      await this.conclude(claim, exit);
    } catch (error) {
      this.logger.error({ err: error, jobId: claim.jobId }, 'A refinement broke off; its job will be recovered.');
    }
  }

  private async refine(claim: Claim, signal: AbortSignal): Promise<RefinementExit> {
    const { store } = this;
    const [job, from] = await Promise.all([store.getJob(claim.jobId), store.listIterations(claim.jobId)]);
    if (!job) return { kind: 'lost' };
    const started = { worker: claim.worker, fromIteration: from.length };
    if ((await store.emit(claim, { type: 'job.started', data: started })) === 'lost') return { kind: 'lost' };
    const language = await this.languages.find(job.language);
    if (!language) return unknownLanguage(job);
    const trusted = await this.trusts(job);
    const partialReplies = createPartialReplyWriter(store.partialReplies, claim, this.warnOfPartialReplies);
    return refine({
      ...{ job: { ...job, language }, from, trusted, signal },
      strategies: searchStrategies,
      ports: { ...this.ports.of(claim), model: this.models, partialReplies },
    }).finally(() => partialReplies.stop());
  }

  /** Whether every model that the job had or has is trusted, and no code came with it. The loop does not trust edits by hand. */
  private async trusts({ id, model, initialCode }: Job): Promise<boolean> {
    const continued = ofInterventionKind(await this.store.listInterventions(id), 'continue');
    const models = [model, ...continued.map(({ before }) => before.model)];
    return models.every((name) => this.models.knows(name) && isTrusted(this.models.state(name), initialCode !== null));
  }

  /** A job cannot continue without scores, and the message says what to do, so it is not retried. */
  private async endWithoutReward(claim: Claim, error: unknown): Promise<RefinementExit> {
    if (!(error instanceof RewardOutageError || error instanceof EncoderError)) throw error;
    this.logger.error({ err: error, jobId: claim.jobId }, 'A job cannot be scored.');
    const job = await this.store.getJob(claim.jobId);
    const message = `${error.message} All finished iterations are kept; retry the job to continue.`;
    return {
      kind: 'ended',
      stopReason: 'error',
      outcome: job?.best ? 'best_effort' : null,
      detail: error.message,
      error: { code: 'reward_unavailable', message },
    };
  }

  private async conclude(claim: Claim, exit: RefinementExit): Promise<void> {
    switch (exit.kind) {
      case 'ended':
        // An edit by hand may have come while the job was about to end.
        if ((await this.store.finish(claim, exit)) === 'queued') await this.queue.enqueue(claim.jobId, claim.token);
        return;
      case 'interrupted':
        await this.store.release(claim);
        await this.queue.enqueue(claim.jobId, claim.token);
        return;
      case 'lost':
        return;
    }
  }
}

/** The job was stored by a server with more languages than this one. */
function unknownLanguage({ language, best }: Job): RefinementExit {
  const detail = `This server does not know the language "${language}".`;
  const message = `${detail} All finished iterations are kept; retry the job on a server that has the language.`;
  const outcome = best ? 'best_effort' : null;
  return { kind: 'ended', stopReason: 'error', outcome, detail, error: { code: 'language_unknown', message } };
}
