import { orAborted } from '@pentimento/abort';
import { hash } from 'node:crypto';
import type { AlphaMode, ByteCache, RewardRecord, RewardVersion } from '@pentimento/contracts';
import { EncoderError, EncoderPool, loadEncoder, type LoadOptions, type Work } from '@pentimento/encoder';
import { FairQueue } from '@pentimento/fair-queue';
import { InvalidImageError, measureImage, preprocessingVersion, tilesVersion } from '@pentimento/imaging';
import { compareCrops } from './compare/compare-crops.ts';
import { CropMemories } from './compare/crop-memory.ts';
import { TargetCache } from './compare/target-cache.ts';
import type { CompareTasks } from './compare/tasks.ts';
import { closedError, InvalidRenderError, isRewardOutage, RewardBusyError } from './errors.ts';
import type { Comparison } from './scoring/comparison.ts';
import { contextValues, type ScoreContext } from './scoring/context-values.ts';
import { allTerms } from './scoring/term-values.ts';
import { identicalImages, nothingRendered } from './scoring/trivial-scores.ts';
import { registry as standardTerms } from './terms/registry.ts';
import type { TermRegistry } from './terms/reward-term.ts';

/** Version of the terms and of how they are computed; it changes when any score may change. */
const rewardVersion = 'coarse-to-fine-3';
const worker = new URL('./compare/compare-worker.ts', import.meta.url);
const defaultCacheVectors = 1024;
const defaultMaxWaiting = 1024;

export interface RewardOptions extends LoadOptions {
  /** Name, folder or manifest of an encoder (see `loadEncoder`); the embedded one where absent. */
  encoder?: string;
  /** Threads of one inference: all physical cores for a large encoder, else 1. */
  threads?: number;
  /** Bound of the tiles whose vectors are kept in memory. */
  cacheVectors?: number;
  /** Keeps vectors across processes; damaged values are computed again. */
  cache?: ByteCache;
  /** How transparency and palettes are treated: laid on white (default), or as the published reward does. */
  alpha?: AlphaMode;
  /** Whether windows at native scale are scored. `auto` (default): where an inference is cheap, with an encoder under 64 MiB. */
  windows?: 'auto' | 'always' | 'never';
  /** Scores that may wait; more are refused with `RewardBusyError`. */
  maxWaiting?: number;
  /** The additional terms. Default: `registry`. */
  terms?: TermRegistry;
}

export interface ScoreInput extends ScoreContext {
  /** PNG, JPEG or WebP bytes. */
  target: Uint8Array;
  /** PNG, JPEG or WebP bytes; null where nothing rendered. */
  render: Uint8Array | null;
  alignment: 0 | 1;
  /** In place of `RewardOptions.alpha`. */
  alpha?: AlphaMode;
  /** The job that the score is for: jobs take turns. */
  job?: string;
}

/** Work done and saved so far. */
interface RewardCounters {
  /** Tiles and windows that went through the encoder. */
  inferences: number;
  /** Tiles and windows whose vector was kept in memory. */
  cacheHits: number;
  /** Tiles and windows whose vector came from `RewardOptions.cache`. */
  diskHits: number;
  /** Tiles and windows of renders with the same pixels as the target's. */
  identicalTiles: number;
  /** Renders with the same bytes as the target. */
  identicalImages: number;
  /** Targets that were decoded. */
  targets: number;
  workerStarts: number;
}

export interface Reward {
  /**
   * Scores a render against its target; jobs take turns. Rejects with `InvalidImageError` on bytes that are no image,
   * `InvalidRenderError` where the render or its text is at fault, also in a way that nobody foresaw, `EncoderError` where the encoder cannot be used, `RewardBusyError` where too many wait, and the signal's reason as soon as
   * it aborts.
   */
  score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord>;
  /** Of scores by `RewardOptions.alpha`. Loads and verifies the encoder's manifest and file. Rejects with `EncoderError`. */
  version(): Promise<RewardVersion>;
  counters(): RewardCounters;
  /** Stops the worker threads; pending scores reject. */
  close(): Promise<void>;
}

/** The coarse-to-fine visual reward. Cheap to make: the encoder is loaded with the first score. */
export function createReward(options: RewardOptions = {}): Reward {
  return new VisualReward(options);
}

/** What a loaded encoder works with. */
interface Engine {
  encoders: EncoderPool<CompareTasks>;
  targets: TargetCache;
  cropMemories: CropMemories;
  queue: FairQueue;
  /** Where a score names none. */
  alpha: AlphaMode;
  /** Whether windows are scored where a target has any. */
  windows: boolean;
}

class VisualReward implements Reward {
  readonly #options: RewardOptions;
  readonly #registry: TermRegistry;
  readonly #counters = { identicalTiles: 0, identicalImages: 0 };
  #loading: Promise<Engine> | undefined;
  #engine: Engine | undefined;
  #scores = 0;
  #closed = false;

  constructor(options: RewardOptions) {
    this.#options = options;
    this.#registry = options.terms ?? standardTerms;
  }

  async score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const engine = await orAborted(this.#load(), signal);
    const { queue } = engine;
    const job = input.job ?? '';
    if (!queue.hasFreeSlot(job) && !queue.hasRoomFor(1)) throw busy(queue);
    return orAborted(
      queue.run(job, signal, () => this.#record(engine, input, signal)),
      signal,
    );
  }

  async version(): Promise<RewardVersion> {
    const engine = await this.#load();
    return versionOf(engine, engine.alpha);
  }

  counters(): RewardCounters {
    const { made, fromMemory, fromDisk, workerStarts } = this.#engine?.encoders.counters ?? unused;
    const targets = this.#engine?.targets.count ?? 0;
    return { ...this.#counters, inferences: made, cacheHits: fromMemory, diskHits: fromDisk, targets, workerStarts };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#engine?.encoders.close();
  }

  async #record(engine: Engine, input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const started = performance.now();
    const work = { owner: `score ${this.#scores++}`, job: input.job, signal };
    const alpha = input.alpha ?? engine.alpha;
    this.#requireExact(alpha);
    const comparison = await this.#compare(engine, input, alpha, work);
    const values = await ofRender(
      signal,
      contextValues(this.#registry.terms, input, comparison.rendered, (target, render) =>
        engine.encoders.run('compareTexts', { registry: this.#registry.module, target, render }, work),
      ),
    );
    const terms = allTerms(this.#registry.terms, comparison, { alignment: input.alignment, values });
    const { tiles, windows, shift, map, empty } = comparison;
    const ms = performance.now() - started;
    return { ...versionOf(engine, alpha), terms, tiles, windows, shift, map, empty, ms };
  }

  async #compare(
    engine: Engine,
    { target: targetBytes, render }: ScoreInput,
    alpha: AlphaMode,
    work: Work,
  ): Promise<Comparison> {
    const { encoders, windows } = engine;
    const { terms, module } = this.#registry;
    const trivial = { terms, windows };
    if (!render) return nothingRendered(await measureImage(targetBytes, 'target'), trivial);
    // The published rule resizes target and render in different color modes, so that equal bytes need not give 1.
    if (alpha !== 'reference' && Buffer.compare(targetBytes, render) === 0) {
      const size = await measureImage(targetBytes, 'target');
      this.#counters.identicalImages++;
      return identicalImages(size, trivial);
    }
    const target = await engine.targets.get(targetBytes, alpha, work);
    const key = hash('sha256', render, 'hex');
    const known = target.comparisonWith(key);
    if (known) return known;
    const memory = engine.cropMemories.take(target.areas.length + target.windowBoxes.length);
    const { decoded, known: encoded } = target;
    const request = { registry: module, bytes: render, alpha, target: decoded, windows, known: encoded, memory };
    const compared = await ofRender(work.signal, encoders.run('compare', request, work));
    if (!compared) return nothingRendered(target.size, trivial);
    const { comparison, identicalTiles } = await compareCrops({ terms, encoders, target, compared, work });
    this.#counters.identicalTiles += identicalTiles;
    if (memory) engine.cropMemories.giveBack(memory);
    target.keepComparison(key, comparison);
    return comparison;
  }

  /** Loads the encoder once; a failure is forgotten, so that the next call tries again. */
  #load(): Promise<Engine> {
    if (this.#closed) return Promise.reject(closedError());
    this.#loading ??= this.#open().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #open(): Promise<Engine> {
    const { encoder, threads, cache, cacheVectors = defaultCacheVectors, ...options } = this.#options;
    const { alpha = 'flatten-white', windows: mode = 'auto', maxWaiting = defaultMaxWaiting } = options;
    this.#requireExact(alpha);
    const files = await loadEncoder(encoder, options);
    if (this.#closed) throw closedError();
    const pool = { worker, preprocessing: tilesVersion, threads, cacheVectors, cache };
    const encoders = new EncoderPool<CompareTasks>(files, pool);
    const windows = mode === 'auto' ? !encoders.large : mode === 'always';
    const targets = new TargetCache(encoders, { registry: this.#registry, windows, cacheVectors });
    const queue = new FairQueue({ slots: encoders.concurrency, extraSlots: encoders.concurrency, maxWaiting });
    const cropMemories = new CropMemories(encoders.concurrency);
    this.#engine = { encoders, targets, cropMemories, queue, alpha, windows };
    return this.#engine;
  }

  #requireExact(alpha: AlphaMode): void {
    if (alpha === 'reference' && this.#options.precision === 'int8') throw notTheReference();
  }
}

/** @throws InvalidRenderError for every error that is neither an outage nor the signal's. */
async function ofRender<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (isRewardOutage(error)) throw error;
    const message =
      error instanceof InvalidImageError ? error.message : 'The render cannot be compared with its target.';
    throw new InvalidRenderError(message, { cause: error });
  }
}

const unused = { made: 0, fromMemory: 0, fromDisk: 0, workerStarts: 0 };

function versionOf({ encoders }: Engine, alpha: AlphaMode): RewardVersion {
  const { id, sha256 } = encoders.manifest;
  return { version: rewardVersion, encoder: { id, sha256 }, preprocessing: preprocessingVersion(alpha) };
}

function busy({ waiting, retryAfterSeconds }: FairQueue): RewardBusyError {
  return new RewardBusyError(
    `${waiting} scores are waiting already: try again in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  );
}

function notTheReference(): EncoderError {
  return new EncoderError(
    "int8 is not for scores by the reference's own rule: unset PENTIMENTO_REWARD_PRECISION, or flatten alpha on white.",
  );
}
