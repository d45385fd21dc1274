import { setTimeout as sleep } from 'node:timers/promises';
import {
  problemSchema,
  rewardResponseSchema,
  rewardVersionPageSchema,
  type RewardRecord,
  type RewardRequest,
  type RewardResult,
  type RewardVersion,
} from '@pentimento/contracts';
import { InvalidImageError } from '@pentimento/imaging';
import { createReward, type Reward } from '@pentimento/reward';

/** Another machine's reward service gives no score. The message is a plain sentence with the remedy. */
export class RewardOutageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RewardOutageError';
  }
}

export interface RemoteRewardOptions {
  url: string;
  /** Waits between attempts; rejects with the signal's reason. */
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

type KnownVersion = RewardVersion & { id: string };
type ScoreInput = Parameters<Reward['score']>[0] & { text?: { target: string | null; render: string | null } };

/** What may be worth another attempt, and when. */
class Refused extends Error {
  readonly waitMs: number | undefined;
  constructor(message: string, waitMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.waitMs = waitMs;
  }
}

/** A score waits about a minute and a half for a service that restarts, a question for its version no longer than a person. */
const attempts = { score: 10, version: 4 };
const firstWaitMs = 250;
const longestWaitMs = 30_000;
const deadlineMs = 300_000;

/**
 * The reward of another machine's service: images go there as data, records come back as they are. Busy and lost
 * connections are tried again a few times; then they are a `RewardOutageError`, never a score.
 */
export function createRemoteReward(options: RemoteRewardOptions): Pick<Reward, 'score' | 'version' | 'close'> {
  return new RemoteReward(options);
}

class RemoteReward {
  readonly #base: string;
  readonly #wait: NonNullable<RemoteRewardOptions['wait']>;
  /** Gives the terms of no render: they depend on no encoder. */
  readonly #local = createReward();
  readonly #closing = new AbortController();
  /** All scores of this process are by one version, since those of others cannot be compared with them. */
  #version: Promise<KnownVersion> | undefined;

  constructor({ url, wait = (ms, signal) => sleep(ms, undefined, { signal }) }: RemoteRewardOptions) {
    this.#base = url.replace(/\/+$/, '');
    this.#wait = wait;
  }

  /** What the service scores by now, so that one that is gone is noticed. */
  async version(): Promise<RewardVersion> {
    const ask = (signal: AbortSignal) => this.#askVersion(signal);
    const { version, encoder, preprocessing } = await this.#repeat(this.#closing.signal, attempts.version, ask);
    return { version, encoder, preprocessing };
  }

  async score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const aborting = AbortSignal.any([signal, this.#closing.signal]);
    return this.#repeat(aborting, attempts.score, () => this.#scoreOnce(input, aborting));
  }

  async #scoreOnce(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const { id, ...version } = await unlessAborted(this.#known(), signal);
    if (!input.render) return { ...(await this.#local.score(input, signal)), ...version };
    const { target, render, alignment, text } = input;
    const item = {
      id: '0',
      language: 'svg' as const,
      reference: { data: base64(target), ...(text?.target != null && { text: text.target }) },
      image: base64(render),
      ...(text?.render != null && { text: text.render }),
      alignment,
    };
    const request: RewardRequest = { rewardVersion: id, deadlineMs, records: true, items: [item] };
    const response = await this.#send('/v1/rewards/score', signal, JSON.stringify(request));
    const { rewardVersion, results } = rewardResponseSchema.parse(response);
    if (rewardVersion !== id || results.length !== 1) throw new Error('It answers something that was not asked for.');
    return recordOf(results[0]!);
  }

  async close(): Promise<void> {
    this.#closing.abort(new RewardOutageError('The reward is closed.'));
    await this.#local.close();
  }

  /** Asked for once; a failure is forgotten, so that the next call asks again. */
  #known(): Promise<KnownVersion> {
    this.#version ??= this.#askVersion(this.#closing.signal).catch((error: unknown) => {
      this.#version = undefined;
      throw error;
    });
    return this.#version;
  }

  async #askVersion(signal: AbortSignal): Promise<KnownVersion> {
    const page = rewardVersionPageSchema.parse(await this.#send('/v1/rewards/versions', signal));
    const [version] = page.data;
    if (!version) throw new RewardOutageError(`${this.#base} scores by no version: update that service.`);
    return version;
  }

  async #repeat<T>(signal: AbortSignal, most: number, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await attempt(signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof InvalidImageError || error instanceof RewardOutageError) throw error;
        if (!(error instanceof Refused)) throw strange(this.#base, error);
        if (tried === most) throw this.#outage(error);
        await this.#wait(Math.min(longestWaitMs, error.waitMs ?? firstWaitMs * 2 ** (tried - 1)), signal);
      }
    }
  }

  #outage(cause: Refused): RewardOutageError {
    const message = `The reward service at ${this.#base} gives no score: ${cause.message} Start it, or unset REWARD_URL.`;
    return new RewardOutageError(message, { cause });
  }

  async #send(path: string, signal: AbortSignal, body?: string): Promise<unknown> {
    const response = await this.#answer(path, signal, body);
    if (response.ok) return JSON.parse(response.text);
    const said = problemOf(response);
    if (response.status === 404) throw new Error(said);
    if (response.status === 409) {
      throw new RewardOutageError(`${said} It has changed since this process started: restart this one too.`);
    }
    if (response.status === 429 || response.status >= 500) throw new Refused(said, retryAfter(response));
    throw new RewardOutageError(`The reward service at ${this.#base} refused the request: ${said}`);
  }

  async #answer(path: string, signal: AbortSignal, body: string | undefined): Promise<Answer> {
    const sent = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    try {
      const response = await fetch(this.#base + path, { ...sent, signal, redirect: 'error' });
      const { ok, status, headers } = response;
      return { ok, status, headers, text: await response.text() };
    } catch (cause) {
      signal.throwIfAborted();
      throw new Refused('it cannot be reached, or the connection broke.', undefined, { cause });
    }
  }
}

/** A whole answer: one that breaks off in the middle is none. */
type Answer = Pick<Response, 'ok' | 'status' | 'headers'> & { text: string };

/** Rejects with the signal's reason as soon as it aborts, while the shared work goes on for others. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A record is a score; whatever else the item came to is none. */
function recordOf({ record, status, error }: RewardResult): RewardRecord {
  if (record) return record;
  const message = error?.message ?? `The item is ${status}.`;
  if (status === 'invalid') throw new InvalidImageError(message);
  throw new Refused(message);
}

function problemOf({ status, text }: Answer): string {
  return problemDetail(text) ?? `it answered with status ${status}.`;
}

function problemDetail(text: string): string | undefined {
  try {
    return problemSchema.safeParse(JSON.parse(text)).data?.detail;
  } catch {
    return undefined;
  }
}

function retryAfter({ headers }: Answer): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function strange(base: string, cause: unknown): RewardOutageError {
  const message = `${base} does not answer as a reward service of this version does: check REWARD_URL, or update that service.`;
  return new RewardOutageError(message, { cause });
}
