import { createHash } from 'node:crypto';
import type { ByteCache } from '@pentimento/contracts';
import { LRUCache } from 'lru-cache';
import { tileFeatureBytes, type TileFeatures } from '../inference/tile-features.ts';
import { SharedWork } from '../queue/shared-work.ts';
import { decodeTile, encodeTile } from './tile-codec.ts';

export interface TileStoreOptions {
  /** What a vector depends on beside the tile's pixels: encoder, its file, preprocessing and provider. */
  identity: string;
  /** Bounds of what is kept in memory; 0 entries keep nothing. */
  limits: { entries: number; bytes: number };
  /** Kept across processes. */
  disk: ByteCache | undefined;
}

/** Vectors by content: in memory, then on disk, then made; each made once, however many ask for it at the same time. */
export class TileStore {
  readonly counters = { made: 0, fromMemory: 0, fromDisk: 0 };
  readonly #options: TileStoreOptions;
  readonly #memory: LRUCache<string, TileFeatures> | null;
  readonly #underWay = new SharedWork<TileFeatures>();

  constructor(options: TileStoreOptions) {
    this.#options = options;
    const { entries: max, bytes: maxSize } = options.limits;
    this.#memory = max > 0 ? new LRUCache({ max, maxSize, sizeCalculation: tileFeatureBytes }) : null;
  }

  /** The features of the tile whose pixels have this hash. Rejects as `make` does, and with the signal's reason. */
  async get(
    tile: string,
    signal: AbortSignal,
    make: (signal: AbortSignal) => Promise<TileFeatures>,
  ): Promise<TileFeatures> {
    const kept = this.#memory?.get(tile);
    if (kept) {
      this.counters.fromMemory++;
      return kept;
    }
    return this.#underWay.run(tile, signal, async (stop) => {
      const features = (await this.#read(tile)) ?? (await this.#make(tile, stop, make));
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

  /** Nobody waits for the disk. */
  async #make(
    tile: string,
    signal: AbortSignal,
    make: (signal: AbortSignal) => Promise<TileFeatures>,
  ): Promise<TileFeatures> {
    signal.throwIfAborted();
    this.counters.made++;
    const features = await make(signal);
    void this.#options.disk?.set(this.#key(tile), encodeTile(features)).catch(() => undefined);
    return features;
  }

  #key(tile: string): string {
    return createHash('sha256').update(`tile ${this.#options.identity} ${tile}`).digest('hex');
  }
}
