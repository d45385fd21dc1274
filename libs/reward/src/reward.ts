import { createHash } from 'node:crypto';
import type { RewardRecord, RewardVersion, ScoreMap, Size } from '@pentimento/contracts';
import { cellSimilarities } from './encoder/cells.ts';
import { maxRenderPixels, measureImage } from './pixels/decode.ts';
import { Embedder, encodedBytes, preprocessingVersion, type EmbeddedTile } from './encoder/embedder.ts';
import { closedError } from './errors.ts';
import { Gate, unlessAborted } from './gate.ts';
import { gridFor, tileAreas, type Grid, type TileArea } from './pixels/grid.ts';
import { LruCache } from './lru.ts';
import { loadEncoder, type LoadOptions } from './encoder/load.ts';
import { assembleScoreMap } from './terms/score-map.ts';
import { tileSimilarity } from './encoder/similarity.ts';
import { rewardTerms } from './terms/terms.ts';
import type { HashedTile } from './encoder/worker-messages.ts';

/** Version of the terms and of how they are computed; it changes when any score may change. */
const rewardVersion = 'coarse-to-fine-1';

const defaultCacheVectors = 512;
const keptTargets = { entries: 16, bytes: 128 * 1024 * 1024 };
const waitingScores = 1024;

export interface RewardOptions extends LoadOptions {
  /** Name, folder or manifest of an encoder (see `loadEncoder`); the embedded one where absent. */
  encoder?: string;
  /** Threads of one inference: all cores for a large encoder, else 1. */
  threads?: number;
  /** Most tiles whose vectors are kept in memory. */
  cacheVectors?: number;
}

export interface ScoreInput {
  /** PNG, JPEG or WebP bytes. */
  target: Uint8Array;
  /** PNG, JPEG or WebP bytes; null where nothing rendered. */
  render: Uint8Array | null;
  alignment: 0 | 1;
}

/** What was done and what was spared so far. */
export interface RewardCounters {
  /** Tiles that went through the encoder. */
  inferences: number;
  /** Tiles whose vector was kept from before. */
  cacheHits: number;
  /** Render tiles with the same pixels as the target's tile in their place. */
  identicalTiles: number;
  /** Renders with the same bytes as the target. */
  identicalImages: number;
  /** Targets that were cut and encoded. */
  targets: number;
  workerStarts: number;
}

export interface Reward {
  /**
   * Scores a render against its target, one score at a time in the order asked for. Rejects with `RewardInputError` on bytes
   * that are no image, `EncoderError` where the encoder cannot be used, `RewardBusyError` where too many wait, and the
   * signal's reason as soon as it aborts.
   */
  score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord>;
  /** Loads and verifies the encoder's manifest and file. Rejects with `EncoderError`. */
  version(): Promise<RewardVersion>;
  counters(): RewardCounters;
  /** Stops the worker thread; what is under way is given up. */
  close(): Promise<void>;
}

/** The coarse-to-fine visual reward. Cheap to make: the encoder is loaded with the first score. */
export function createReward(options: RewardOptions = {}): Reward {
  return new VisualReward(options);
}

/** A tile of the render against the target's tile in its place. */
interface ComparedTile extends TileArea {
  score: number;
  cells: number[];
}

class VisualReward implements Reward {
  readonly #options: RewardOptions;
  readonly #turn = new Gate(waitingScores);
  readonly #targets = new LruCache<EmbeddedTile[]>(keptTargets);
  readonly #counters = { identicalTiles: 0, identicalImages: 0, targets: 0 };
  #loading: Promise<Embedder> | undefined;
  #embedder: Embedder | undefined;
  #closed = false;

  constructor(options: RewardOptions) {
    this.#options = options;
  }

  async score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const leave = await this.#turn.enter(signal);
    return unlessAborted(this.#score(input, signal).finally(leave), signal);
  }

  async version(): Promise<RewardVersion> {
    const { id, sha256 } = (await this.#load()).manifest;
    return { version: rewardVersion, encoder: { id, sha256 }, preprocessing: preprocessingVersion };
  }

  counters(): RewardCounters {
    const { inferences, cacheHits } = this.#embedder?.counters ?? { inferences: 0, cacheHits: 0 };
    return { ...this.#counters, inferences, cacheHits, workerStarts: this.#embedder?.workerStarts ?? 0 };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#embedder?.close();
  }

  async #score(input: ScoreInput, signal: AbortSignal): Promise<RewardRecord> {
    const started = performance.now();
    const embedder = await this.#load();
    const size = await measureImage(input.target, 'target');
    const tiles = await this.#compareImages(embedder, size, input, signal);
    const scores = tiles.map((tile) => tile.score);
    return {
      ...(await this.version()),
      terms: rewardTerms(scores, input.alignment),
      tiles: tiles.map(({ index, level, box, score }) => ({ index, level, box, score })),
      windows: [],
      shift: null,
      map: tiles.length > 0 ? mapOf(tiles, size, embedder.cellGrid) : null,
      ms: performance.now() - started,
    };
  }

  /** Every tile in order; none where there is no render, or one so large that it counts as none. */
  async #compareImages(
    embedder: Embedder,
    size: Size,
    { target, render }: ScoreInput,
    signal: AbortSignal,
  ): Promise<ComparedTile[]> {
    if (!render) return [];
    if (Buffer.compare(target, render) === 0) return this.#sameImage(embedder, size);
    const renderSize = await measureImage(render, 'render');
    if (renderSize.width * renderSize.height > maxRenderPixels) return [];
    const wanted = await this.#embedTarget(embedder, target, signal);
    signal.throwIfAborted();
    const cut = await embedder.cut(render, 'render', size);
    const compared: ComparedTile[] = [];
    for (const [index, tile] of cut.tiles.entries()) {
      signal.throwIfAborted();
      compared.push(await this.#compareTile(embedder, wanted[index]!, tile));
    }
    return compared;
  }

  async #compareTile(embedder: Embedder, wanted: EmbeddedTile, tile: HashedTile): Promise<ComparedTile> {
    if (tile.sha256 === wanted.sha256) {
      this.#counters.identicalTiles++;
      return sameTile(wanted, embedder.cellGrid);
    }
    const { encoded } = await embedder.embed(tile);
    return {
      ...wanted,
      score: tileSimilarity(wanted.encoded.vector, encoded.vector),
      cells: cellSimilarities(wanted.encoded.cells, encoded.cells),
    };
  }

  #sameImage(embedder: Embedder, size: Size): ComparedTile[] {
    this.#counters.identicalImages++;
    return tileAreas(size).map((area) => sameTile(area, embedder.cellGrid));
  }

  async #embedTarget(embedder: Embedder, bytes: Uint8Array, signal: AbortSignal): Promise<EmbeddedTile[]> {
    const key = createHash('sha256').update(bytes).digest('hex');
    const kept = this.#targets.get(key);
    if (kept) return kept;
    signal.throwIfAborted();
    const cut = await embedder.cut(bytes, 'target', null);
    const tiles: EmbeddedTile[] = [];
    for (const tile of cut.tiles) {
      signal.throwIfAborted();
      tiles.push(await embedder.embed(tile));
    }
    this.#counters.targets++;
    this.#targets.set(
      key,
      tiles,
      tiles.reduce((sum, { encoded }) => sum + encodedBytes(encoded), 0),
    );
    return tiles;
  }

  /** Loads the encoder once; a failure is forgotten, so that the next call tries again. */
  #load(): Promise<Embedder> {
    if (this.#closed) return Promise.reject(closedError());
    this.#loading ??= this.#open().catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  async #open(): Promise<Embedder> {
    const { encoder, threads, cacheVectors = defaultCacheVectors } = this.#options;
    const files = await loadEncoder(encoder, this.#options);
    if (this.#closed) throw closedError();
    this.#embedder = new Embedder(files, { threads, cacheVectors });
    return this.#embedder;
  }
}

function sameTile({ index, level, box }: TileArea, cellGrid: Grid): ComparedTile {
  return { index, level, box, score: 1, cells: new Array<number>(cellGrid.columns * cellGrid.rows).fill(1) };
}

function mapOf(tiles: readonly ComparedTile[], size: Size, cellGrid: Grid): ScoreMap {
  const fine = tiles.filter((tile) => tile.level === 'tile').map(({ cells }) => ({ ...cellGrid, scores: cells }));
  return assembleScoreMap(size, gridFor(size.width, size.height), fine);
}
