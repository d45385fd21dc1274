import { createHash } from 'node:crypto';
import type { ByteCache } from '@pentimento/contracts';
import { LRUCache } from 'lru-cache';
import { tileFeatureBytes, type TileFeatures } from '../inference/tile-features.ts';
import { SharedWork } from '../queue/shared-work.ts';
import { decodeTile, encodeTile } from './tile-codec.ts';

export interface TileStoreOptions {
  /** What a vector depends on in addition to the tile's pixels: encoder, its file, preprocessing and execution provider. */
  identity: string;
  /** Bounds of the memory; 0 entries keep nothing. */
  limits: { entries: number; bytes: number };
  /** Keeps features across processes. */
  disk: ByteCache | undefined;
}

/** Features by the content of their tile: from memory, from disk, or computed; each once for all who wait for it. */
export class TileStore {
  readonly counters = { made: 0, fromMemory: 0, fromDisk: 0 };
  readonly #options: TileStoreOptions;
  readonly #memory: LRUCache<string, TileFeatures> | null;
  readonly #pending = new SharedWork<TileFeatures>();

  constructor(options: TileStoreOptions) {
    this.#options = options;
    const { entries: max, bytes: maxSize } = options.limits;
    this.#memory = max > 0 ? new LRUCache({ max, maxSize, sizeCalculation: tileFeatureBytes }) : null;
  }

  /** The features of the tile whose pixels have this hash. Rejects as `encode` does, and with the signal's reason. */
  async get(
    tile: string,
    signal: AbortSignal,
    encode: (signal: AbortSignal) => Promise<TileFeatures>,
  ): Promise<TileFeatures> {
    const kept = this.#memory?.get(tile);
    if (kept) {
      this.counters.fromMemory++;
      return kept;
    }
    return this.#pending.run(tile, signal, async (stop) => {
      const features = (await this.#read(tile)) ?? (await this.#encode(tile, stop, encode));
      this.#memory?.set(tile, features);
      return features;
    });
  }

  async #read(tile: string): Promise<TileFeatures | undefined> {
    const bytes = await this.#options.disk?.get(this.#key(tile)).catch(() => undefined);
    const features = bytes && decodeTile(bytes);
    if (features) this.counters.fromDisk++;
    return features;
  }

  /** Does not wait for the disk. */
  async #encode(
    tile: string,
    signal: AbortSignal,
    encode: (signal: AbortSignal) => Promise<TileFeatures>,
  ): Promise<TileFeatures> {
    signal.throwIfAborted();
    this.counters.made++;
    const features = await encode(signal);
    void this.#options.disk?.set(this.#key(tile), encodeTile(features)).catch(() => undefined);
    return features;
  }

  #key(tile: string): string {
    return createHash('sha256').update(`tile ${this.#options.identity} ${tile}`).digest('hex');
  }
}
