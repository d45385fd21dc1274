import { Inject, Injectable } from '@nestjs/common';
import type { BlobPort } from '@pentimento/agent';
import { type EnvironmentState, type EnvironmentTurn } from '@pentimento/api-contracts';
import {
  isFinal,
  promptSchema,
  readTask,
  type BlobId,
  type Candidate,
  type Iteration,
  type Job,
  type Patch,
  type Prompt,
} from '@pentimento/contracts';
import type { EpisodeState, Store } from '@pentimento/store';
import { blobPort } from '../blobs/blob-port.ts';
import { STORE } from '../database/store.provider.ts';
import { chatMessages } from './chat-messages.ts';

/** Index of the iteration that the reply to a turn becomes: the initial code, where there is some, is the first iteration. */
export const iterationOf = ({ initialCode }: Job, turn: number): number => turn + (initialCode === null ? 0 : 1);

/** The turn that a step must name. */
export const expectedTurn = (job: Job): number => Math.max(0, job.scores.length - iterationOf(job, 0));

/** Answers requests from what is stored alone, so that a repeated request has the same answer. */
@Injectable()
export class TurnAnswers {
  private readonly blobs: BlobPort;

  constructor(@Inject(STORE) private readonly store: Store) {
    this.blobs = blobPort(store.blobs);
  }

  /** What became of the reply before the turn, and the prompt of the turn. */
  async answer(episode: EpisodeState, turn: number): Promise<EnvironmentTurn> {
    const { job } = episode;
    const next = iterationOf(job, turn);
    const done = isFinal(job.status) && next >= job.scores.length;
    const [before, prompt] = await Promise.all([
      next === 0 ? null : this.store.getIteration(job.id, next - 1),
      done ? null : this.promptOf(episode, next),
    ]);
    return {
      session: job.episode!.session,
      job: job.id,
      turn,
      ...(await this.shownPrompt(episode, prompt)),
      ...outcomeOf(before?.candidates[0], before),
      best: before ? (before.best?.overall ?? null) : (job.best?.overall ?? null),
      done,
      stop: done ? { reason: job.stopReason!, detail: job.stopDetail! } : null,
    };
  }

  async state(episode: EpisodeState): Promise<EnvironmentState> {
    const { job, expiresAt } = episode;
    const { number, group } = job.episode!;
    const answer = await this.answer(episode, expectedTurn(job));
    return {
      ...answer,
      number,
      group,
      policyVersion: job.policyVersion,
      model: job.model,
      status: job.status,
      expiresAt,
    };
  }

  /** Null where the turn has not been given out. */
  private async promptOf({ job, turn }: EpisodeState, iteration: number): Promise<Prompt | null> {
    const id =
      turn?.iteration === iteration
        ? turn.prompt
        : (await this.store.findCall({ jobId: job.id }, iteration, 0))?.prompt;
    if (id === undefined) return null;
    return promptSchema.parse(JSON.parse(Buffer.from(await this.blobs.get(id)).toString()));
  }

  private async shownPrompt(
    { imagesAsBlobs }: EpisodeState,
    prompt: Prompt | null,
  ): Promise<Pick<EnvironmentTurn, 'messages' | 'images' | 'patches'>> {
    if (!prompt) return { messages: [], images: [], patches: [] };
    const urlOf = async (image: BlobId, mediaType: string) =>
      imagesAsBlobs ? `/v1/blobs/${image}` : dataUrl(await this.blobs.get(image), mediaType);
    const parts = prompt.messages.flatMap(({ content }) => content);
    return {
      messages: await chatMessages(prompt, urlOf),
      images: parts.flatMap((part) =>
        part.type === 'image' ? [{ image: part.image, width: part.width, height: part.height }] : [],
      ),
      patches: patchesOf(parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')),
    };
  }
}

const dataUrl = (bytes: Uint8Array, mediaType: string): string =>
  `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;

/** The patches of the task block of a prompt. */
function patchesOf(text: string): Patch[] {
  const patches = readTask(text)?.patches ?? [];
  return patches.map(({ patch, box, score, lostShare, change }) => ({ rank: patch, box, score, lostShare, change }));
}

type Outcome = Pick<
  EnvironmentTurn,
  'candidate' | 'reward' | 'terms' | 'verdict' | 'parseStatus' | 'render' | 'failure'
>;

const noReply: Outcome = {
  ...{ candidate: null, reward: null, terms: null, verdict: null },
  ...{ parseStatus: null, render: null, failure: null },
};

/** The initial code is no reply. */
function outcomeOf(candidate: Candidate | undefined, iteration: Iteration | null): Outcome {
  if (!candidate?.call) return noReply;
  const { id, reward, parseStatus, render } = candidate;
  return {
    candidate: id,
    reward: reward.terms.overall,
    terms: reward.terms,
    verdict: iteration!.verdicts[0]!,
    parseStatus,
    render: render?.status === 'ok' ? render.image : null,
    failure: render?.status === 'failed' ? render.kind : null,
  };
}
