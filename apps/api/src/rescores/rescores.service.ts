import { Inject, Injectable } from '@nestjs/common';
import type { Candidate, Rescore, RescoreResult, RewardRecord } from '@pentimento/contracts';
import type { Store } from '@pentimento/store';
import { blobPort } from '../blobs/blob-port.ts';
import { STORE } from '../database/store.provider.ts';
import { notFound, ProblemException } from '../http/problem.exception.ts';
import { throwRewardProblem } from '../rewards/reward-problem.ts';
import { REWARD, type Scorer } from '../rewards/reward.provider.ts';

/** Scores in progress and waiting, of all clients together. */
const maxPending = 64;
const retryAfterSeconds = 30;

/** Adds scores of this server's version to stored candidates. */
@Injectable()
export class RescoresService {
  private pending = 0;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(REWARD) private readonly reward: Scorer,
  ) {}

  async create(id: string, signal: AbortSignal): Promise<RescoreResult> {
    if (this.pending >= maxPending) {
      const detail = `${maxPending} scores are waiting: send this one again later.`;
      throw new ProblemException('busy', detail, { retryAfterSeconds });
    }
    this.pending += 1;
    try {
      const candidate = (await this.store.getCandidate(id)) ?? missing('candidate');
      const reward = await this.score(candidate, signal).catch(throwRewardProblem);
      return { candidate: id, reward, added: await this.store.addRescore(id, reward) };
    } finally {
      this.pending -= 1;
    }
  }

  async list(jobId: string): Promise<Rescore[]> {
    if (!(await this.store.getJob(jobId))) missing('job');
    return this.store.listRescores(jobId);
  }

  /** As the loop scored it: the stored render against the target, with the alignment of the reply. */
  private async score({ jobId, render, reward }: Candidate, signal: AbortSignal): Promise<RewardRecord> {
    const job = (await this.store.getJob(jobId)) ?? missing('job');
    const blobs = blobPort(this.store.blobs);
    const [target, image] = await Promise.all([
      blobs.get(job.target.image),
      render?.status === 'ok' ? blobs.get(render.image) : null,
    ]);
    return this.reward.score({ target, render: image, alignment: reward.terms.alignment, job: jobId }, signal);
  }
}

function missing(what: string): never {
  throw notFound(what);
}
