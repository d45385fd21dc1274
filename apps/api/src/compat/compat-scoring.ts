import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type RewardItem, type RewardResult } from '@pentimento/api-contracts';
import {
  parseLabel,
  publishedTermsSchema,
  readGroundTruth,
  uploadLimits,
  type PublishedTerms,
} from '@pentimento/contracts';
import type { RewardService } from '@pentimento/reward';
import type { Response } from 'express';
import { fieldProblem, ProblemException } from '../http/problem.exception.ts';
import { requestAbort } from '../http/request-abort.ts';
import { REWARD_SERVICE } from '../rewards/reward.provider.ts';
import { throwRewardProblem } from '../rewards/reward-problem.ts';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { float } from './float.ts';
import { withoutEndTokens } from './item-text.ts';

/** Below the 120 s that slime waits for an answer; the other trainers wait longer. */
const deadlineMs = 100_000;
const retryAfterSeconds = 2;

export interface CompatItem {
  reply: string;
  /** The ground truth as it came. */
  label: unknown;
  /** Where the label is in the request, as a JSON pointer. */
  pointer: string;
  /** Base64 of the target, where the ground truth names none. */
  image?: string;
}

/** Scores replies for the routes whose answer has room for numbers only: whatever is not a score is a problem. */
@Injectable()
export class CompatScoring {
  constructor(
    @Inject(REWARD_SERVICE) private readonly rewards: RewardService,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** The published terms of each item, in order. A reply without code, or whose code does not render, has them too. */
  async score(items: CompatItem[], response: Response): Promise<PublishedTerms[]> {
    const signal = requestAbort(response, this.lifecycle.draining);
    const batch = { deadlineMs, records: false, items: await rewardItems(items) };
    const { results } = await this.rewards.score(batch, signal).catch(throwRewardProblem);
    return results.map((result, index) => termsOf(result, items[index]!));
  }
}

/** Each label is parsed and checked in turns of their own: it may hold an image. */
async function rewardItems(items: CompatItem[]): Promise<RewardItem[]> {
  const read: RewardItem[] = [];
  for (const item of items) {
    await setImmediate();
    const label = parseLabel(item.label);
    await setImmediate();
    read.push(rewardItem({ ...item, label }));
  }
  return read;
}

/** A reply that is cut has no closed fence, so it is scored as one without code. */
function rewardItem({ reply, label, pointer, image }: CompatItem): RewardItem {
  const truth = readGroundTruth(label);
  if (typeof truth === 'string') throw fieldProblem('invalid-request', pointer, truth);
  const { target, data = image, language, viewport, deviceScale, code } = truth;
  if (target === undefined && data === undefined) {
    throw fieldProblem(
      'invalid-request',
      pointer,
      'The ground truth has no target: name its blob as target, or send the image as data.',
    );
  }
  return {
    id: pointer,
    language,
    reference: target === undefined ? { data } : { blob: target },
    response: withoutEndTokens(reply.slice(0, uploadLimits.codeBytes)),
    ...(viewport && { viewport }),
    ...(deviceScale && { deviceScale }),
    ...(code && { base: { blob: code } }),
  };
}

function termsOf({ status, components, error }: RewardResult, { pointer }: CompatItem): PublishedTerms {
  const terms = publishedTermsSchema.safeParse(components);
  if (terms.success) return writtenAsFloats(terms.data);
  const message = error?.message ?? `The item is ${status}.`;
  if (status === 'invalid') throw fieldProblem('invalid-request', pointer, message);
  throw new ProblemException('unavailable', message, { retryAfterSeconds });
}

/** To be sent, not to be computed with. */
const writtenAsFloats = (terms: PublishedTerms): PublishedTerms =>
  Object.fromEntries(Object.entries(terms).map(([term, value]) => [term, float(value)])) as PublishedTerms;
