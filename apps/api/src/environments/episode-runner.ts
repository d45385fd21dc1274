import { Inject, Injectable } from '@nestjs/common';
import {
  answerTurn,
  openTurn,
  searchStrategies,
  type LoopInput,
  type LoopPorts,
  type TurnExit,
} from '@pentimento/agent';
import type { StepEnvironment } from '@pentimento/api-contracts';
import type { Job, ModelReply, OpenTurn } from '@pentimento/contracts';
import type { Claim, Store } from '@pentimento/store';
import type { Logger } from 'pino';
import { ClaimPorts } from '../claims/claim-ports.ts';
import { ClaimRunner } from '../claims/claim-runner.ts';
import { STORE } from '../database/store.provider.ts';
import { ProblemException } from '../http/problem.exception.ts';
import { TargetLanguages } from '../renders/target-languages.ts';
import { rewardProblem } from '../rewards/reward-problem.ts';
import { LOGGER } from '../runtime/logging.ts';

/** Runs claimed episodes up to the next prompt or to their end, and ends the claim. Throws a ProblemException where it cannot. */
@Injectable()
export class EpisodeRunner {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly claims: ClaimRunner,
    private readonly ports: ClaimPorts,
    private readonly languages: TargetLanguages,
  ) {}

  /** Gives out the next turn, after the initial code where it is not scored yet. */
  open(claim: Claim, job: Job): Promise<void> {
    return this.run(claim, job, openTurn);
  }

  /** Takes the reply to an open turn. A reply that was recorded earlier is processed further. */
  answer(claim: Claim, job: Job, turn: OpenTurn, step: StepEnvironment): Promise<void> {
    const reply = { reply: modelReply(step, turn), sampling: samplingOf(step) };
    return this.run(claim, job, (input) => answerTurn(input, turn, reply));
  }

  private async run(claim: Claim, job: Job, work: (input: LoopInput) => Promise<TurnExit>): Promise<void> {
    try {
      const exit = await this.claims.run(claim, async (signal) => work(await this.input(claim, job, signal)));
      await this.conclude(claim, exit);
    } catch (error) {
      await this.giveBack(claim);
      throw rewardProblem(error);
    }
  }

  private async input(claim: Claim, job: Job, signal: AbortSignal): Promise<LoopInput> {
    const language = await this.languages.find(job.language);
    if (!language)
      throw new ProblemException('unavailable', `This server does not know the language "${job.language}".`);
    const ports = this.ports.of(claim);
    return {
      job: { ...job, language },
      from: await this.store.listIterations(job.id),
      // The code may come from anyone.
      trusted: false,
      strategies: searchStrategies,
      ports: { ...ports, render: withoutOutages(ports.render) },
      signal,
    };
  }

  private async conclude(claim: Claim, exit: TurnExit): Promise<void> {
    switch (exit.kind) {
      case 'open': {
        const { iteration, prompt, startedAt } = exit;
        if ((await this.store.episodes.open(claim, { iteration, prompt, startedAt })) === 'lost')
          throw endedElsewhere();
        return;
      }
      case 'ended':
        if ((await this.store.finish(claim, exit)) === 'lost') throw endedElsewhere();
        return;
      case 'interrupted':
        throw new ProblemException('unavailable', 'The server is shutting down: send the request again.');
      case 'lost':
        throw endedElsewhere();
    }
  }

  /** The episode waits for its caller again. Where even this fails, its lease expires. */
  private async giveBack(claim: Claim): Promise<void> {
    await this.store.release(claim).catch((error: unknown) => {
      this.logger.warn({ err: error, jobId: claim.jobId }, 'An episode could not be given back; it will be recovered.');
    });
  }
}

const endedElsewhere = (): ProblemException =>
  new ProblemException('conflict', 'The episode was ended by another request: reset the session to begin a new one.');

/** A language that cannot be rendered now is an outage and not a failure of the code, which would be scored. */
function withoutOutages(port: LoopPorts['render']): LoopPorts['render'] {
  return {
    async render(request, signal) {
      const result = await port.render(request, signal);
      if (result.status === 'failed' && result.kind === 'unavailable')
        throw new ProblemException('unavailable', result.message);
      return result;
    },
  };
}

/** The caller's reply as a model's. Its time is that from the prompt to the reply. */
function modelReply({ reply, reasoning, tokens, finishReason, served }: StepEnvironment, turn: OpenTurn): ModelReply {
  return {
    text: reply,
    reasoning,
    capture: tokens
      ? { level: 'token_exact', tokens }
      : { level: 'text_only', reason: 'The caller of the environment gave no tokens.' },
    finishReason,
    usage: {
      inputTokens: tokens?.promptTokenIds.length ?? null,
      outputTokens: tokens?.completionTokenIds.length ?? null,
      cost: null,
    },
    served: {
      model: served?.model ?? null,
      id: served?.id ?? null,
      fingerprint: served?.fingerprint ?? null,
      weightVersion: served?.weightVersion ?? null,
    },
    attempts: 1,
    ms: Math.max(0, Date.now() - Date.parse(turn.startedAt)),
  };
}

function samplingOf({ sampling }: StepEnvironment) {
  return {
    temperature: sampling?.temperature ?? null,
    seed: sampling?.seed ?? null,
    maxOutputTokens: sampling?.maxOutputTokens ?? null,
  };
}
