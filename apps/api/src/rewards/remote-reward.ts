import { orAborted } from '@pentimento/abort';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, Client, UnexpectedReplyError, UnreachableError } from '@pentimento/client';
import type { RewardRequest, RewardResult } from '@pentimento/api-contracts';
import type { RewardRecord, RewardVersion } from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import { createReward, RewardOutageError, type Reward } from '@pentimento/reward';
import pRetry from 'p-retry';

export interface RemoteRewardOptions {
  url: string;
  /** Waits between attempts; rejects when the signal aborts. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

type KnownVersion = RewardVersion & { id: string };
type ScoreInput = Parameters<Reward['score']>[0] & { text?: { target: string | null; render: string | null } };

/** The same request may succeed later. */
class TransientError extends Error {
  readonly waitMs: number | undefined;
  constructor(message: string, options: { waitMs?: number; cause?: unknown } = {}) {
    super(message, options);
    this.waitMs = options.waitMs;
  }
}

/** A score waits about a minute and a half for a service that restarts; a question for its version no longer than a person would. */
const attempts = { score: 10, version: 4 };
const firstWaitMs = 250;
const maxWaitMs = 30_000;
const deadlineMs = 300_000;

/**
 * The reward of another machine's service: sends the images as data and returns its records as they are. Retries a busy
 * or lost service a few times; then it is a `RewardOutageError`, never a score.
 */
export function createRemoteReward(options: RemoteRewardOptions): Pick<Reward, 'score' | 'version' | 'close'> {
  return new RemoteReward(options);
}

class RemoteReward {
  readonly #client: Client;
  readonly #wait: NonNullable<RemoteRewardOptions['wait']>;
  /** The terms where nothing rendered, which do not depend on an encoder. */
  readonly #local = createReward();
  readonly #closing = new AbortController();
  /** All scores of this process are by one version, since scores of different versions are not comparable. */
  #version: Promise<KnownVersion> | undefined;

  constructor({ url, wait = (ms, signal) => sleep(ms, undefined, { signal }) }: RemoteRewardOptions) {
    this.#client = new Client({ url, redirect: 'error' });
    this.#wait = wait;
  }

  /** Asks the service each time, so that one that is gone is noticed. */
  async version(): Promise<RewardVersion> {
    const { signal } = this.#closing;
    const { version, encoder, preprocessing } = await this.#retry(signal, attempts.version, () =>
      this.#askVersion(signal),
    );
    return { version, encoder, preprocessing };
  }

  async score(input: ScoreInput, caller: AbortSignal): Promise<RewardRecord> {
    const signal = AbortSignal.any([caller, this.#closing.signal]);
    return this.#retry(signal, attempts.score, () => this.#scoreOnce(input, signal));
  }

  async close(): Promise<void> {
    this.#closing.abort(new RewardOutageError('The reward is closed.'));
    await this.#local.close();
  }

  async #scoreOnce(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const { id, ...version } = await orAborted(this.#known(), signal);
    const { render } = input;
    if (!render) return { ...(await this.#local.score(input, signal)), ...version };
    const response = await this.#call(() => this.#client.scoreRewards(requestOf({ ...input, render }, id), { signal }));
    const { rewardVersion, results } = response;
    if (rewardVersion !== id || results.length !== 1)
      throw this.#foreign(new Error('The reply is to another request.'));
    return recordOf(results[0]!);
  }

  /** Asked once; a failure is forgotten, so that the next call asks again. */
  #known(): Promise<KnownVersion> {
    this.#version ??= this.#askVersion(this.#closing.signal).catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  async #askVersion(signal: AbortSignal): Promise<KnownVersion> {
    const { data } = await this.#call(() => this.#client.listRewardVersions({ signal }));
    const [version] = data;
    if (!version) throw new RewardOutageError(`${this.#client.url} scores by no version: update that service.`);
    return version;
  }

  async #retry<T>(signal: AbortSignal, maxAttempts: number, attempt: () => Promise<T>): Promise<T> {
    try {
      return await pRetry(attempt, {
        retries: maxAttempts - 1,
        minTimeout: 0,
        signal,
        shouldRetry: ({ error }) => error instanceof TransientError,
        onFailedAttempt: async ({ error, attemptNumber, retriesLeft }) => {
          if (!(error instanceof TransientError) || retriesLeft === 0) return;
          const waitMs = error.waitMs ?? firstWaitMs * 2 ** (attemptNumber - 1);
          await this.#wait(Math.min(maxWaitMs, waitMs), signal);
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransientError)) throw error;
      const message = `The reward service at ${this.#client.url} gives no score: ${error.message} Start it, or unset REWARD_URL.`;
      throw new RewardOutageError(message, { cause: error });
    }
  }

  async #call<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw error instanceof ApiError ? this.#failureOf(error) : error;
    }
  }

  #failureOf(error: ApiError): Error {
    const { message, status, retryAfterMs } = error;
    if (error instanceof UnreachableError) {
      return new TransientError('it cannot be reached, or the connection broke.', { cause: error });
    }
    if (error instanceof UnexpectedReplyError || status === 404) return this.#foreign(error);
    if (status === 409) {
      return new RewardOutageError(`${message} It has changed since this process started: restart this one too.`);
    }
    if (error.isTransient) return new TransientError(message, { waitMs: retryAfterMs, cause: error });
    return new RewardOutageError(`The reward service at ${this.#client.url} refused the request: ${message}`);
  }

  #foreign(cause: Error): RewardOutageError {
    const message = `${this.#client.url} does not answer as a reward service of this version does: check REWARD_URL, or update that service.`;
    return new RewardOutageError(message, { cause });
  }
}

function requestOf(input: ScoreInput & { render: Uint8Array }, rewardVersion: string): RewardRequest {
  const { target, render, alignment, text } = input;
  const item = {
    id: '0',
    reference: { data: base64(target), ...(text?.target != null && { text: text.target }) },
    image: base64(render),
    ...(text?.render != null && { text: text.render }),
    alignment,
  };
  return { rewardVersion, deadlineMs, records: true, items: [item] };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The item's record. Whatever else became of the item is not a score. */
function recordOf({ record, status, error }: RewardResult): RewardRecord {
  if (record) return record;
  const message = error?.message ?? `The item is ${status}.`;
  if (status === 'invalid') throw new InvalidImageError(message);
  throw new TransientError(message);
}
