import { hash } from 'node:crypto';
import type { ByteCache, RewardRecord, RewardVersion } from '@pentimento/contracts';
import {
  EncoderError,
  EncoderPool,
  loadEncoder,
  type LoadOptions,
  unlessAborted,
  type Work,
} from '@pentimento/encoder';
import { type AlphaMode, measureImage, preprocessingVersion } from '@pentimento/imaging';
import { compareCrops } from './compare/comparison.ts';
import { TargetCache } from './compare/target-cache.ts';
import type { CompareTasks } from './compare/tasks.ts';
import { closedError } from './errors.ts';
import { Gate } from './queue/gate.ts';
import { tileTerms } from './terms/terms.ts';
import { identicalImages, nothingRendered, type Scored } from './terms/plain-cases.ts';

/** Version of the terms and of how they are computed; it changes when any score may change. */
const rewardVersion = 'coarse-to-fine-2';
const worker = new URL('./compare/compare-worker.ts', import.meta.url);
const defaultCacheVectors = 1024;
const waitingScores = 1024;

export interface RewardOptions extends LoadOptions {
  /** Name, folder or manifest of an encoder (see `loadEncoder`); the embedded one where absent. */
  encoder?: string;
  /** Threads of one inference: all physical cores for a large encoder, else 1. */
  threads?: number;
  /** Most tiles whose vectors are kept in memory. */
  cacheVectors?: number;
  /** Keeps vectors across processes; what it does not give back whole is made again. */
  cache?: ByteCache;
  /** What becomes of transparency: laid on white (default), or as the published reward does. */
  alpha?: AlphaMode;
  /** Windows at native scale, a term of their own. `auto` (default): only where an inference is cheap, with an encoder under 64 MiB. */
  windows?: 'auto' | 'always' | 'never';
  /** Most scores that may wait; more are refused with `RewardBusyError`. */
  waiting?: number;
}

export interface ScoreInput {
  /** PNG, JPEG or WebP bytes. */
  target: Uint8Array;
  /** PNG, JPEG or WebP bytes; null where nothing rendered. */
  render: Uint8Array | null;
  alignment: 0 | 1;
  /** What both show as text, in reading order; null where it is not known. */
  text?: { target: string | null; render: string | null };
  /** Whose score it is: jobs take turns. */
  job?: string;
}

/** What was done and what was spared so far. */
export interface RewardCounters {
  /** Tiles and windows that went through the encoder. */
  inferences: number;
  /** Tiles and windows whose vector was kept in memory. */
  cacheHits: number;
  /** Tiles and windows whose vector came from `RewardOptions.cache`. */
  diskHits: number;
  /** Render tiles and windows with the same pixels as the target's in their place. */
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
   * `EncoderError` where the encoder cannot be used, `RewardBusyError` where too many wait, and the signal's reason as soon as
   * it aborts.
   */
  score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord>;
  /** Loads and verifies the encoder's manifest and file. Rejects with `EncoderError`. */
  version(): Promise<RewardVersion>;
  counters(): RewardCounters;
  /** Stops the worker threads; what is under way is given up. */
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
  gate: Gate;
  alpha: AlphaMode;
  windows: boolean;
}

class VisualReward implements Reward {
  readonly #options: RewardOptions;
  readonly #counters = { identicalTiles: 0, identicalImages: 0 };
  #loading: Promise<Engine> | undefined;
  #engine: Engine | undefined;
  #scores = 0;
  #closed = false;

  constructor(options: RewardOptions) {
    this.#options = options;
  }

  async score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const engine = await unlessAborted(this.#load(), signal);
    const leave = await engine.gate.enter(input.job ?? '', signal);
    return unlessAborted(this.#record(engine, input, signal).finally(leave), signal);
  }

  async version(): Promise<RewardVersion> {
    return versionOf(await this.#load());
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

  async #scored(engine: Engine, input: ScoreInput, signal: AbortSignal): Promise<Scored> {
    const { render, alignment } = input;
    const { encoders, alpha, windows } = engine;
    const work = { owner: `score ${this.#scores++}`, signal };
    const text = await textTerm(encoders, input, work);
    const nothing = { alignment, windows, text: input.text?.target == null ? null : 0 };
    if (!render) return nothingRendered(await measureImage(input.target, 'target'), nothing);
    if (Buffer.compare(input.target, render) === 0) {
      const size = await measureImage(input.target, 'target');
      this.#counters.identicalImages++;
      return identicalImages(size, { alignment, windows, text });
    }
    const target = await engine.targets.get(input.target, work);
    const key = hash('sha256', render, 'hex');
    const known = target.scoreOf(key);
    if (known) return scoredAgain(known, alignment, text);
    const request = { bytes: render, alpha, target: target.image, windows, known: target.known };
    const compared = await encoders.run('compare', request, work);
    if (!compared) return nothingRendered(target.size, nothing);
    const { scored, identicalTiles } = await compareCrops({ encoders, target, compared, work, alignment, text });
    this.#counters.identicalTiles += identicalTiles;
    target.keepScore(key, scored);
    return scored;
  }

  async #record(engine: Engine, input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const started = performance.now();
    const scored = await this.#scored(engine, input, signal);
    return { ...versionOf(engine), ...scored, ms: performance.now() - started };
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
    const { alpha = 'flatten-white', windows: wanted = 'auto', waiting = waitingScores } = options;
    if (alpha === 'reference' && options.precision === 'int8') throw notTheReference();
    const files = await loadEncoder(encoder, options);
    if (this.#closed) throw closedError();
    const preprocessing = preprocessingVersion(alpha);
    const encoders = new EncoderPool<CompareTasks>(files, { worker, preprocessing, threads, cacheVectors, cache });
    const windows = wanted === 'auto' ? !encoders.large : wanted === 'always';
    const targets = new TargetCache(encoders, { alpha, windows, cacheVectors });
    const gate = new Gate({ slots: encoders.concurrency, places: waiting });
    this.#engine = { encoders, targets, gate, alpha, windows };
    return this.#engine;
  }
}

const unused = { made: 0, fromMemory: 0, fromDisk: 0, workerStarts: 0 };

function versionOf({ encoders }: Engine): RewardVersion {
  const { id, sha256 } = encoders.manifest;
  return { version: rewardVersion, encoder: { id, sha256 }, preprocessing: encoders.preprocessing };
}

/** Null unless both texts are known. Equal ones need no thread. */
async function textTerm(encoders: EncoderPool<CompareTasks>, { text }: ScoreInput, work: Work): Promise<number | null> {
  if (text?.target == null || text.render === null) return null;
  return text.target === text.render
    ? 1
    : encoders.run('compareTexts', { target: text.target, render: text.render }, work);
}

/** A render whose pixels were scored before. */
function scoredAgain(scored: Scored, alignment: 0 | 1, text: number | null): Scored {
  const scores = scored.tiles.map(({ score }) => score);
  return { ...scored, terms: { ...scored.terms, ...tileTerms(scores, alignment), text } };
}

function notTheReference(): EncoderError {
  return new EncoderError(
    "int8 is not for scores by the reference's own rule: unset PENTIMENTO_REWARD_PRECISION, or flatten alpha on white.",
  );
}
