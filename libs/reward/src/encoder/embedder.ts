import { availableParallelism } from 'node:os';
import { EncoderThread } from './encoder-thread.ts';
import type { Grid, TileArea } from '../pixels/grid.ts';
import { fallbackCellGrid } from './cells.ts';
import type { ImageRole } from '../pixels/decode.ts';
import { LruCache } from '../lru.ts';
import type { EncoderFiles } from './load.ts';
import type { EncoderManifest } from './manifest.ts';
import type { Size } from '@pentimento/contracts';
import type { CutImage, EncodedTile, HashedTile } from './worker-messages.ts';

/** Version of decoding, resampling and tiling: a part of the key of every kept vector. */
export const preprocessingVersion = 'pillow-bicubic-448-white-1';
/** Most bytes of kept vectors and cells. */
const keptBytes = 256 * 1024 * 1024;
/** Encoders above this size gain from all cores; a small one loses more to their coordination. */
const largeEncoderBytes = 64 * 1024 * 1024;

export interface EmbeddedTile extends TileArea {
  sha256: string;
  encoded: EncodedTile;
}

/** Images to tiles and tiles to vectors, in one worker thread; a tile whose pixels were seen before is not encoded again. */
export class Embedder {
  readonly manifest: EncoderManifest;
  readonly counters = { inferences: 0, cacheHits: 0 };
  readonly #thread: EncoderThread;
  readonly #vectors: LruCache<EncodedTile>;

  constructor(files: EncoderFiles, options: { threads?: number; cacheVectors: number }) {
    const threads = options.threads ?? (files.modelBytes > largeEncoderBytes ? availableParallelism() : 1);
    this.manifest = files.manifest;
    this.#thread = new EncoderThread({ ...files, threads });
    this.#vectors = new LruCache({ entries: options.cacheVectors, bytes: keptBytes });
  }

  get workerStarts(): number {
    return this.#thread.starts;
  }

  /** The grid of every tile's cells. */
  get cellGrid(): Grid {
    const { columns, rows } = this.manifest.cells ?? fallbackCellGrid;
    return { columns, rows };
  }

  /** Decodes an image, stretches it where a size is given, and cuts it into tiles. Throws `RewardInputError`. */
  cut(bytes: Uint8Array, role: ImageRole, stretchTo: Size | null): Promise<CutImage> {
    return this.#thread.request({ kind: 'cut', bytes, role, stretchTo });
  }

  async embed({ pixels, ...tile }: HashedTile): Promise<EmbeddedTile> {
    const key = `${this.manifest.id} ${this.manifest.sha256} ${preprocessingVersion} ${tile.sha256}`;
    const kept = this.#vectors.get(key);
    if (kept) {
      this.counters.cacheHits++;
      return { ...tile, encoded: kept };
    }
    this.counters.inferences++;
    const encoded = await this.#thread.request({ kind: 'encode', bytes: pixels });
    this.#vectors.set(key, encoded, encodedBytes(encoded));
    return { ...tile, encoded };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

export function encodedBytes({ vector, cells }: EncodedTile): number {
  return vector.byteLength + cells.features.byteLength;
}
