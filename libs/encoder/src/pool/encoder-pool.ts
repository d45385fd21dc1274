import type { ByteCache } from '@pentimento/contracts';
import type { Grid } from '@pentimento/imaging';
import { fallbackCellGrid } from '../inference/cells.ts';
import type { EncoderFiles } from '../inference/encoder-files.ts';
import type { EncoderManifest } from '../inference/manifest.ts';
import type { TileFeatures } from '../inference/tile-features.ts';
import { TileStore } from '../tile-cache/tile-store.ts';
import { physicalCores } from './cores.ts';
import { spawnerOf } from './encoder-thread.ts';
import type { EncodeTask, TaskMap } from './worker-messages.ts';
import { WorkerPool, type PoolShape, type Work } from './worker-pool.ts';

/** Bound of the vectors and cells kept in memory. */
const maxKeptBytes = 256 * 1024 * 1024;
/** Encoders above this size gain from all cores; a small one loses more to their coordination. */
const largeEncoderBytes = 64 * 1024 * 1024;
/** Sessions of a small encoder. */
const maxSessions = 4;

const encoderWorker = new URL('./encoder-worker.ts', import.meta.url);

export interface EncoderPoolOptions {
  /** The module that the worker threads run, which calls `runWorker`; one that only encodes where absent. */
  worker?: URL;
  /** Version of how the encoder takes the tiles' pixels; a part of the key of every kept vector. */
  preprocessing: string;
  /** Threads of one inference. */
  threads?: number;
  /** Bound of the tiles whose vectors are kept in memory. */
  cacheVectors: number;
  /** Keeps vectors across processes. */
  cache?: ByteCache;
}

/** 448 x 448 RGB pixels. */
export interface HashedTile {
  pixels: Uint8Array;
  /** Of the pixels, lower-case hex. */
  sha256: string;
}

/** Encodes tiles and does the worker module's own tasks in worker threads; tiles with equal pixels are encoded once. */
export class EncoderPool<Tasks extends TaskMap = EncodeTask> {
  readonly manifest: EncoderManifest;
  readonly preprocessing: string;
  /** Whether an inference is costly. */
  readonly large: boolean;
  /** Useful number of concurrent jobs: one more than there are sessions, so that the next image is ready. */
  readonly concurrency: number;
  readonly #pool: WorkerPool;
  readonly #store: TileStore;

  constructor(files: EncoderFiles, options: EncoderPoolOptions) {
    const { worker = encoderWorker, preprocessing, cache, cacheVectors } = options;
    const { id, sha256 } = files.manifest;
    this.manifest = files.manifest;
    this.preprocessing = preprocessing;
    this.large = files.modelBytes > largeEncoderBytes;
    const { threads, shape } = layout(this.large, options.threads);
    this.concurrency = shape.encoders + 1;
    this.#pool = new WorkerPool({ ...files, threads }, shape, spawnerOf(worker));
    this.#store = new TileStore({
      identity: `${id} ${sha256} ${preprocessing} ${files.executionProvider}`,
      limits: { entries: cacheVectors, bytes: maxKeptBytes },
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

  /** The features of a tile. Throws `EncoderError`, and the signal's reason as soon as it aborts. */
  embed({ sha256, pixels }: HashedTile, { signal, ...work }: Work): Promise<TileFeatures> {
    return this.#store.get(
      sha256,
      signal,
      (stop) =>
        this.#pool.request({ task: 'encode', input: pixels }, { ...work, signal: stop }) as Promise<TileFeatures>,
    );
  }

  /** Runs a task of the worker module. Throws as its handler does, and the signal's reason as soon as it aborts. */
  run<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]['input'],
    work: Work,
  ): Promise<Tasks[Name]['output']> {
    return this.#pool.request({ task, input }, work);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

/** A large encoder: one session on all physical cores, and a thread for other tasks. A small one: a session per core. */
function layout(large: boolean, threads?: number): { threads: number; shape: PoolShape } {
  const cores = physicalCores();
  if (large) return { threads: threads ?? cores, shape: { encoders: 1, others: 1 } };
  const encoders = Math.max(1, Math.min(maxSessions, Math.floor(cores / (threads ?? 1))));
  return { threads: threads ?? 1, shape: { encoders, others: 0 } };
}
