import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  rewardItemSchema,
  type AlignmentRule,
  type RewardBatch,
  type RewardItem,
  type RewardResponse,
  type RewardResult,
} from '@pentimento/api-contracts';
import {
  describeIssues,
  rewardVersionId,
  type ByteCache,
  type Language,
  type RenderRequest,
  type RenderResult,
  type RewardRecord,
  type RewardVersion,
  type Size,
  uploadLimits,
} from '@pentimento/contracts';
import { FairQueue } from '@pentimento/fair-queue';
import { type ImageRole, InvalidImageError, measureImage } from '@pentimento/imaging';
import { InvalidRenderError, RewardBusyError, RewardVersionError } from '../errors.ts';
import type { Reward, ScoreInput } from '../reward.ts';
import { InFlight } from './in-flight.ts';
import { baseOf, codeOf, type ItemCode, type KnownLanguage } from './item-code.ts';
import { itemKey } from './item-key.ts';
import { invalid, ruledOut, scored, unscored, type ItemOutcome } from './item-result.ts';
import { inTurn, resultsOf } from './results-in-turn.ts';
import { ScoreCache } from './score-cache.ts';

interface ReferenceImage {
  image: Uint8Array;
  /** Device pixels per CSS pixel of the page that it shows. */
  deviceScale: number;
}

const maxRetryAfterSeconds = 60;

export interface RewardServiceOptions {
  reward: Pick<Reward, 'score' | 'version'>;
  renderers: { render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult> };
  /** The languages that code and replies may be in. */
  languages: readonly KnownLanguage[];
  /** What items name instead of sending it; absent where this process stores nothing. Null: there is no such job or blob. */
  stored?: {
    targetOfJob(id: string): Promise<ReferenceImage | null>;
    blob(id: string): Promise<Uint8Array | null>;
  };
  /** How responses are read whose item names no rule. Default: `published`. */
  alignment?: AlignmentRule;
  /** Keeps scores across restarts. */
  cache?: ByteCache;
  /** Items scored at a time. Default: 4. */
  concurrency?: number;
  /** Items that may wait, of all requests together. Default: 1024. */
  maxWaiting?: number;
  /** Called with the reason where an item could not be scored and its sender is not the cause. */
  onFailure?: (error: Error) => void;
  /** A signal that aborts after a number of milliseconds. Default: AbortSignal.timeout. */
  timeout?: (ms: number) => AbortSignal;
}

/** Scores batches of replies, code or images: behind `POST /v1/rewards/score` and `pentimento score` alike. */
export interface RewardService {
  /**
   * As many results as items, in their order; a problem of an item is its status. Rejects with `RewardVersionError`,
   * `RewardBusyError`, `EncoderError`, and with the signal's reason where it aborts.
   */
  score(batch: RewardBatch, signal: AbortSignal): Promise<RewardResponse>;
  /** The same, each result as soon as it is there. Rejects before the first one as `score` does; iterating rejects with the signal's reason. */
  scoreInTurn(batch: RewardBatch, signal: AbortSignal): Promise<ResultsInTurn>;
  /** The version of its scores. Rejects with `EncoderError`. */
  version(): Promise<RewardVersion & { id: string }>;
}

/** Results in the order in which they are there. */
export interface ResultsInTurn {
  rewardVersion: string;
  results: AsyncGenerator<{ index: number; result: RewardResult }, void>;
}

export function createRewardService(options: RewardServiceOptions): RewardService {
  return new Service(options);
}

/** `ms`: without the time in the queue. */
interface TimedOutcome {
  outcome: ItemOutcome;
  ms: number;
}

/** A request's items: they share a deadline and a key of the queue. */
interface Batch {
  key: string;
  versionId: string;
  signal: AbortSignal;
}

/** An item of the form that it must have, and its key. */
interface ScorableItem {
  id: string;
  key: string;
  item: RewardItem;
}

type CheckedItem = ScorableItem | { id: string; problem: string };

class Service implements RewardService {
  readonly #options: RewardServiceOptions;
  readonly #queue: FairQueue;
  readonly #scores: ScoreCache;
  readonly #inFlight = new InFlight<TimedOutcome>();
  /** Items that have room in the queue and are still to be checked. */
  #arriving = 0;

  constructor(options: RewardServiceOptions) {
    this.#options = options;
    const slots = options.concurrency ?? 4;
    this.#queue = new FairQueue({ slots, extraSlots: slots, maxWaiting: options.maxWaiting ?? 1024 });
    this.#scores = new ScoreCache(options.cache);
  }

  async version(): Promise<RewardVersion & { id: string }> {
    const { version, encoder, preprocessing } = await this.#options.reward.version();
    const parts = { version, encoder, preprocessing };
    return { id: rewardVersionId(parts), ...parts };
  }

  async score(request: RewardBatch, caller: AbortSignal): Promise<RewardResponse> {
    const { rewardVersion, results } = await this.#begin(request, caller);
    return { rewardVersion, results: await resultsOf(results, caller) };
  }

  async scoreInTurn(request: RewardBatch, caller: AbortSignal): Promise<ResultsInTurn> {
    const { rewardVersion, results } = await this.#begin(request, caller);
    return { rewardVersion, results: inTurn(results, caller) };
  }

  async #begin(
    request: RewardBatch,
    caller: AbortSignal,
  ): Promise<{ rewardVersion: string; results: Promise<RewardResult>[] }> {
    const { id: versionId } = await this.version();
    if (request.rewardVersion !== undefined && request.rewardVersion !== versionId) {
      throw new RewardVersionError(
        `This server scores by "${versionId}" and not by "${request.rewardVersion}": leave rewardVersion out, or ask a server of that version.`,
      );
    }
    this.#requireRoom(request.items.length);
    const deadline = (this.#options.timeout ?? AbortSignal.timeout)(request.deadlineMs);
    const batch: Batch = {
      key: randomUUID(),
      versionId,
      signal: AbortSignal.any([caller, deadline]),
    };
    const results = await this.#begun(request, batch, caller);
    return { rewardVersion: versionId, results };
  }

  /** Each item is checked in a turn of its own, since a batch may have megabytes; then all begin at a time, so that equal ones meet. */
  async #begun({ items, records }: RewardBatch, batch: Batch, caller: AbortSignal): Promise<Promise<RewardResult>[]> {
    const checked: CheckedItem[] = [];
    this.#arriving += items.length;
    try {
      for (const [index, item] of items.entries()) {
        await setImmediate();
        caller.throwIfAborted();
        checked.push(await checkedItem(item, index, batch.versionId));
      }
    } finally {
      this.#arriving -= items.length;
    }
    return checked.map((item) => this.#scoreItem(item, batch, records));
  }

  #requireRoom(count: number): void {
    const coming = this.#inFlight.joined + this.#arriving;
    if (this.#queue.hasRoomFor(coming + count)) return;
    const { waiting, retryAfterSeconds } = this.#queue;
    throw new RewardBusyError(
      `${waiting + coming} items are waiting already: send these ${count} again later.`,
      Math.min(maxRetryAfterSeconds, retryAfterSeconds),
    );
  }

  async #scoreItem(checked: CheckedItem, batch: Batch, records: boolean): Promise<RewardResult> {
    const { id } = checked;
    if ('problem' in checked) return { id, ...invalid(checked.problem), ms: 0 };
    const started = performance.now();
    const { outcome, ms } = await this.#scoreOnce(checked, batch).catch((error: Error) => ({
      outcome: this.#outcomeOf(error, batch.signal),
      ms: performance.now() - started,
    }));
    const rewardVersion = this.#versionOf(checked.item, outcome);
    return { id, ...outcome, rewardVersion, record: records ? outcome.record : null, ms };
  }

  #ruleOf({ alignmentRule }: RewardItem): AlignmentRule {
    return alignmentRule ?? this.#options.alignment ?? 'published';
  }

  /** The rule by which a response was read decides its score, and is no part of a record. */
  #versionOf(item: RewardItem, { rewardVersion }: ItemOutcome): string | null {
    const isLenient = item.response !== undefined && this.#ruleOf(item) === 'lenient';
    return rewardVersion !== null && isLenient ? `${rewardVersion}/lenient-alignment` : rewardVersion;
  }

  /** Equal items that come at a time, in one batch or in several, are scored once: the replies to one prompt are often equal. */
  #scoreOnce({ key, item }: ScorableItem, batch: Batch): Promise<TimedOutcome> {
    return this.#inFlight.run(key, batch.signal, (signal) =>
      this.#queue.run(batch.key, signal, async () => {
        const started = performance.now();
        const outcome = await this.#resolveItem(item, { ...batch, signal });
        return { outcome, ms: performance.now() - started };
      }),
    );
  }

  #outcomeOf(error: Error, signal: AbortSignal): ItemOutcome {
    if (signal.aborted)
      return unscored('deadline', 'The deadline passed before this item was scored: allow more time.');
    if (error instanceof InvalidImageError) return invalid(error.message);
    this.#options.onFailure?.(error);
    return unscored('unavailable', `The item cannot be scored now: ${error.message}`);
  }

  async #resolveItem(item: RewardItem, batch: Batch): Promise<ItemOutcome> {
    const target = await this.#targetOf(item);
    if ('problem' in target) return invalid(target.problem);
    const size = await boundedSize(target.image, 'target');
    if (item.image !== undefined) {
      const rendered = {
        image: Buffer.from(item.image, 'base64'),
        text: item.text ?? null,
        molecule: null,
        bitmapShare: null,
      };
      await boundedSize(rendered.image, 'render');
      return this.#scoreImage(item, target.image, rendered, item.alignment ?? 1, batch);
    }
    const { languages, stored } = this.#options;
    const language = languages.find(({ id }) => id === item.language);
    if (!language) return invalid(unknownLanguage(item.language, languages));
    const base = await baseOf(item, stored?.blob);
    if ('problem' in base) return invalid(base.problem);
    const parsed = this.#codeOf(item, language, base.code);
    if (parsed.status !== 'code') {
      const nothing = await this.#scoreNothing(item, target.image, parsed.alignment, batch);
      return ruledOut(parsed.status, nothing, { kind: null, message: parsed.message });
    }
    const { code, alignment } = parsed;
    const terms = { size: item.viewport ?? size, deviceScale: item.deviceScale ?? target.deviceScale };
    return this.#scoreCode(item, target.image, renderRequest(item, language.id, code, terms), alignment, batch);
  }

  /** A reply that cannot be read, whatever the reason, has no code. */
  #codeOf(item: RewardItem, language: KnownLanguage, base: string | null): ItemCode {
    try {
      return codeOf(item, language, { base, rule: this.#ruleOf(item) });
    } catch (error) {
      this.#options.onFailure?.(error as Error);
      return { status: 'no_code', message: 'The reply cannot be read: write it in a simpler way.', alignment: 0 };
    }
  }

  async #targetOf({ jobId, reference }: RewardItem): Promise<ReferenceImage | { problem: string }> {
    if (reference?.data !== undefined) return { image: Buffer.from(reference.data, 'base64'), deviceScale: 1 };
    const { stored } = this.#options;
    if (!stored) return { problem: 'This service keeps no jobs and no blobs: send the reference as data.' };
    if (jobId !== undefined) return (await stored.targetOfJob(jobId)) ?? { problem: 'There is no such job.' };
    const image = await stored.blob(reference!.blob!);
    return image ? { image, deviceScale: 1 } : { problem: 'There is no such blob: put the image first.' };
  }

  async #scoreCode(
    item: RewardItem,
    target: Uint8Array,
    request: RenderRequest,
    alignment: 0 | 1,
    batch: Batch,
  ): Promise<ItemOutcome> {
    const result = await this.#options.renderers.render({ ...request, job: batch.key }, batch.signal);
    if (result.status === 'ok') return this.#scoreRender(item, target, result, alignment, batch);
    if (result.kind === 'unavailable') return unscored('unavailable', result.message, 'unavailable');
    const nothing = await this.#scoreNothing(item, target, alignment, batch);
    return ruledOut('not_rendered', nothing, { kind: result.kind, message: result.message });
  }

  /** An image that came out of a render and cannot be scored is a failure of its code. */
  async #scoreRender(
    item: RewardItem,
    target: Uint8Array,
    rendered: RenderResult & { status: 'ok' },
    alignment: 0 | 1,
    batch: Batch,
  ): Promise<ItemOutcome> {
    try {
      return await this.#scoreImage(item, target, rendered, alignment, batch);
    } catch (error) {
      if (!(error instanceof InvalidRenderError)) throw error;
      this.#options.onFailure?.(error);
      const nothing = await this.#scoreNothing(item, target, alignment, batch);
      return ruledOut('not_rendered', nothing, { kind: 'runtime', message: error.message });
    }
  }

  async #scoreImage(
    item: RewardItem,
    target: Uint8Array,
    rendered: Pick<RenderResult & { status: 'ok' }, 'image' | 'text' | 'molecule' | 'bitmapShare'>,
    alignment: 0 | 1,
    batch: Batch,
  ): Promise<ItemOutcome> {
    const text = { target: item.reference?.text ?? null, render: rendered.text };
    const molecule = rendered.molecule && rendered.molecule.similarity !== null ? rendered.molecule : undefined;
    const { alpha } = item;
    const key = keyOf(batch.versionId, target, rendered.image, { text, molecule, alignment, alpha });
    const cached = await this.#scores.get(key);
    if (cached) return scored(cached, rendered, true);
    const input = { target, render: rendered.image, alignment, alpha, text, molecule, job: batch.key };
    const record = await this.#options.reward.score(input, batch.signal);
    await this.#scores.set(key, record);
    return scored(record, rendered, false);
  }

  #scoreNothing({ alpha }: RewardItem, target: Uint8Array, alignment: 0 | 1, batch: Batch): Promise<RewardRecord> {
    const input = { target, render: null, alignment, alpha, job: batch.key };
    return this.#options.reward.score(input, batch.signal);
  }
}

async function checkedItem(raw: unknown, index: number, versionId: string): Promise<CheckedItem> {
  const id = idOf(raw, index);
  const { success, data: item, error } = rewardItemSchema.safeParse(raw);
  if (!success) return { id, problem: `Correct the item: ${describeIssues(error.issues, 'the item')}` };
  return { id, key: await itemKey(versionId, item), item };
}

function idOf(raw: unknown, index: number): string {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'string' ? id.slice(0, 200) : String(index);
}

/** The size from the header. Untrusted images have the limits of uploads, which are below those of decoding. */
async function boundedSize(bytes: Uint8Array, role: ImageRole): Promise<Size> {
  const size = await measureImage(bytes, role);
  const { side, pixels, bytes: maxBytes } = uploadLimits;
  if (bytes.length > maxBytes) {
    throw new InvalidImageError(`The ${role} has ${bytes.length} bytes: send one of at most ${maxBytes}.`);
  }
  if (size.width <= side && size.height <= side && size.width * size.height <= pixels) return size;
  throw new InvalidImageError(
    `The ${role} has ${size.width} x ${size.height} pixels: send one of at most ${side} on a side and ${pixels / 1e6} million in all.`,
  );
}

function unknownLanguage(id: Language | undefined, known: readonly KnownLanguage[]): string {
  return `There is no language "${id}": name one of ${known.map((language) => language.id).join(', ')}.`;
}

/** Never trusted: the code comes from the sender. */
function renderRequest(
  { reference }: RewardItem,
  language: Language,
  code: string,
  terms: { size: Size; deviceScale: number },
): RenderRequest {
  return {
    language,
    code,
    ...terms,
    trusted: false,
    ...(reference?.code !== undefined && { reference: reference.code }),
  };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function keyOf(
  versionId: string,
  target: Uint8Array,
  image: Uint8Array,
  context: Pick<ScoreInput, 'text' | 'molecule' | 'alignment' | 'alpha'>,
): string {
  return JSON.stringify([versionId, sha256(target), sha256(image), context]);
}
