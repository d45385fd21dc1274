import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { orAborted } from '@pentimento/abort';
import {
  type EnvironmentState,
  type EnvironmentTurn,
  type ResetEnvironment,
  type StepEnvironment,
} from '@pentimento/api-contracts';
import { isFinal, type BlobId } from '@pentimento/contracts';
import type { Claim, EpisodeState, Store } from '@pentimento/store';
import { workerName } from '../claims/worker-name.ts';
import { STORE } from '../database/store.provider.ts';
import { notFound, ProblemException } from '../http/problem.exception.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';
import { EpisodeRunner } from './episode-runner.ts';
import { EpisodeStart } from './episode-start.ts';
import { StepQueue } from './step-queue.ts';
import { expectedTurn, iterationOf, TurnAnswers } from './turn-answers.ts';

/** How often a request looks whether another one has ended its work on the same session. */
const pollMs = 100;

/** Steps through episodes. Nothing of a session is held in memory, so that any process may take its next request. */
@Injectable()
export class EnvironmentsService {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(STORE) private readonly store: Store,
    private readonly start: EpisodeStart,
    private readonly runner: EpisodeRunner,
    private readonly queue: StepQueue,
    private readonly answers: TurnAnswers,
  ) {}

  async reset(session: string, request: ResetEnvironment, signal: AbortSignal): Promise<EnvironmentTurn> {
    await this.start.validate(request);
    return this.queue.run(session, signal, async () => {
      const { claim, job } = await this.start.begin(session, request);
      await this.runner.open(claim, job);
      return this.answer(session, job.id, 0);
    });
  }

  async step(session: string, step: StepEnvironment, signal: AbortSignal): Promise<EnvironmentTurn> {
    const answer = () => this.tryStep(session, step, blobIdOf(step.reply));
    return this.inQueue(session, signal, answer);
  }

  /** Finishes what an interrupted request has left, so that the open prompt is always known. */
  async state(session: string, signal: AbortSignal): Promise<EnvironmentState> {
    const episode = await this.find(session);
    if (!isLeft(episode)) return this.answers.state(episode);
    return this.inQueue(session, signal, async () => {
      const found = await this.find(session);
      if (isLeft(found) && !(await this.reopen(found))) return undefined;
      return this.answers.state(await this.find(session));
    });
  }

  async end(session: string): Promise<void> {
    if (!(await this.store.episodes.end(session))) throw notFound('session');
  }

  /** Tries again while another request works on the session, without a slot of the queue in between. */
  private async inQueue<Answer>(
    session: string,
    signal: AbortSignal,
    attempt: () => Promise<Answer | undefined>,
  ): Promise<Answer> {
    for (;;) {
      const answer = await this.queue.run(session, signal, attempt);
      if (answer !== undefined) return answer;
      await orAborted(sleep(pollMs), signal);
    }
  }

  /** Undefined: another request works on the session. */
  private async tryStep(session: string, step: StepEnvironment, reply: BlobId): Promise<EnvironmentTurn | undefined> {
    const episode = await this.find(session);
    const { job } = episode;
    const iteration = iterationOf(job, step.turn);
    const recorded = await this.store.findCall({ jobId: job.id }, iteration, 0);
    if (recorded && recorded.reply !== reply) throw conflict(episode, `Turn ${step.turn} has another reply already.`);
    if (recorded && (isFinal(job.status) || iteration < job.scores.length)) {
      if (isLeft(episode) && !(await this.reopen(episode))) return undefined;
      return this.answer(session, job.id, step.turn + 1);
    }
    if (isFinal(job.status))
      throw new ProblemException('conflict', 'The episode has ended: reset the session to begin a new one.');
    if (step.turn !== expectedTurn(job)) throw conflict(episode, `Turn ${step.turn} is not open.`);
    if (!episode.turn)
      throw conflict(episode, 'Its prompt has not been given out: get the session, and answer what it shows.');
    const claim = await this.claim(episode);
    if (!claim) return undefined;
    await this.runner.answer(claim, job, episode.turn, step);
    return this.answer(session, job.id, step.turn + 1);
  }

  /** Gives out the turn that an interrupted request has not. False: another request works on the session. */
  private async reopen(episode: EpisodeState): Promise<boolean> {
    const claim = await this.claim(episode);
    if (claim) await this.runner.open(claim, episode.job);
    return claim !== null;
  }

  private claim({ job, token }: EpisodeState): Promise<Claim | null> {
    const { leaseMs, maxRecoveries } = this.settings.queue;
    return this.store.episodes.claim({ jobId: job.id, token }, workerName, { leaseMs, maxRecoveries });
  }

  private async find(session: string): Promise<EpisodeState> {
    return (await this.store.episodes.find(session)) ?? Promise.reject(notFound('session'));
  }

  private async answer(session: string, jobId: string, turn: number): Promise<EnvironmentTurn> {
    const episode = await this.find(session);
    if (episode.job.id !== jobId) throw new ProblemException('conflict', 'A later reset has begun another episode.');
    return this.answers.answer(episode, turn);
  }
}

/** Neither ended nor open: a request that was to give out the next turn is under way, or was interrupted. */
const isLeft = ({ job, turn }: EpisodeState): boolean => !isFinal(job.status) && turn === null;

/** The id under which a text is stored. */
const blobIdOf = (text: string): BlobId => createHash('sha256').update(Buffer.from(text)).digest('hex');

function conflict({ job }: EpisodeState, what: string): ProblemException {
  const turn = expectedTurn(job);
  return new ProblemException('conflict', `${what} The next step is turn ${turn}.`, {
    expectedTurn: turn,
    errors: [{ pointer: '/turn', detail: `Turn ${turn} is expected.` }],
  });
}
