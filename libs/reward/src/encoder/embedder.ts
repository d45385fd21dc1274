import type { ByteCache } from '@pentimento/contracts';
import { type AlphaMode, type Grid, preprocessingVersion } from '@pentimento/imaging';
import { TileStore } from '../cache/tile-store.ts';
import { fallbackCellGrid } from './cells.ts';
import { physicalCores } from './cores.ts';
import type { EncoderFiles } from './load.ts';
import type { EncoderManifest } from './manifest.ts';
import { WorkerPool, type PoolShape } from './worker-pool.ts';
import type { CutRender, CutRequest, HashedCrop, OpenTarget, TileFeatures } from './worker-messages.ts';

/** Most bytes of vectors and cells kept in memory. */
const keptBytes = 256 * 1024 * 1024;
/** Encoders above this size gain from all cores; a small one loses more to their coordination. */
const largeEncoderBytes = 64 * 1024 * 1024;
/** Most sessions of a small encoder. */
const mostSessions = 4;

export interface EmbedderOptions {
  /** Threads of one inference. */
  threads?: number;
  alpha: AlphaMode;
  /** Most tiles whose vectors are kept in memory. */
  cacheVectors: number;
  cache?: ByteCache;
}

/** For whom work is done: owners take turns at the threads. */
export interface Work {
  owner: string;
  signal: AbortSignal;
}

/** Images to tiles and tiles to vectors, in worker threads; a tile whose pixels were seen before is not encoded again. */
export class Embedder {
  readonly manifest: EncoderManifest;
  readonly preprocessing: string;
  /** Whether an inference is costly. */
  readonly large: boolean;
  /** Scores that are worth working on at once: one more than can be encoded, so that the next image is ready. */
  readonly atOnce: number;
  readonly #pool: WorkerPool;
  readonly #store: TileStore;

  constructor(files: EncoderFiles, options: EmbedderOptions) {
    const { alpha, cache, cacheVectors } = options;
    const { id, sha256 } = files.manifest;
    this.manifest = files.manifest;
    this.preprocessing = preprocessingVersion(alpha);
    this.large = files.modelBytes > largeEncoderBytes;
    const { threads, shape } = layout(this.large, options.threads);
    this.atOnce = shape.encoders + 1;
    this.#pool = new WorkerPool({ ...files, threads, alpha }, shape);
    this.#store = new TileStore({
      identity: `${id} ${sha256} ${this.preprocessing} ${files.provider}`,
      limits: { entries: cacheVectors, bytes: keptBytes },
      disk: cache,
    });
  }

  get counters(): TileStore['counters'] & { workerStarts: number } {
    return { ...this.#store.counters, workerStarts: this.#pool.starts };
  }

  /** The grid of every tile's cells. */
  get cellGrid(): Grid {
    const { columns, rows } = this.manifest.cells ?? fallbackCellGrid;
    return { columns, rows };
  }

  /** Decodes a target. Throws `InvalidImageError`. */
  open(bytes: Uint8Array, { owner, signal }: Work): Promise<OpenTarget> {
    return this.#pool.request({ kind: 'target', bytes }, owner, signal);
  }

  /** Compares a render with its target; null where it is so large that it counts as none. Throws `InvalidImageError`. */
  cut(render: Omit<CutRequest, 'kind'>, { owner, signal }: Work): Promise<CutRender | null> {
    return this.#pool.request({ kind: 'cut', ...render }, owner, signal);
  }

  embed({ sha256, pixels }: HashedCrop, { owner, signal }: Work): Promise<TileFeatures> {
    return this.#store.get(sha256, signal, (stop) =>
      this.#pool.request({ kind: 'encode', bytes: pixels }, owner, stop),
    );
  }

  compareTexts(target: string, render: string, { owner, signal }: Work): Promise<number> {
    return this.#pool.request({ kind: 'text', target, render }, owner, signal);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** One session on all physical cores for a large encoder, beside a thread for pixels; else a session a core. */
function layout(large: boolean, threads?: number): { threads: number; shape: PoolShape } {
  const cores = physicalCores();
  if (large) return { threads: threads ?? cores, shape: { encoders: 1, others: 1 } };
  const encoders = Math.max(1, Math.min(mostSessions, Math.floor(cores / (threads ?? 1))));
  return { threads: threads ?? 1, shape: { encoders, others: 0 } };
}
