import { createHash } from 'node:crypto';
import type { Box } from '@pentimento/contracts';
import { featureBytes } from './cache/tile-store.ts';
import { LruCache } from './cache/lru.ts';
import type { Embedder, Work } from './encoder/embedder.ts';
import type { HashedTile, HashedWindow, ImageSummary, TileFeatures } from './encoder/worker-messages.ts';
import type { TileArea } from './pixels/grid.ts';
import { SharedWork } from './queue/shared-work.ts';

const limits = { entries: 32, bytes: 192 * 1024 * 1024 };

interface Encoded {
  sha256: string;
  features: TileFeatures;
}

export interface EncodedTarget {
  tiles: (TileArea & Encoded)[];
  windows: ({ box: Box } & Encoded)[];
  summary: ImageSummary;
}

/** Targets that were cut and encoded, kept by their bytes; each is encoded once, however many scores ask for it at once. */
export class Targets {
  /** Encoded so far. */
  count = 0;
  readonly #kept = new LruCache<EncodedTarget>(limits);
  readonly #underWay = new SharedWork<EncodedTarget>();
  readonly #embedder: Embedder;
  readonly #windows: boolean;

  constructor(embedder: Embedder, windows: boolean) {
    this.#embedder = embedder;
    this.#windows = windows;
  }

  async get(bytes: Uint8Array, { owner, signal }: Work): Promise<EncodedTarget> {
    const key = createHash('sha256').update(bytes).digest('hex');
    const kept = this.#kept.get(key);
    if (kept) return kept;
    return this.#underWay.run(key, signal, async (stop) => {
      const target = await this.#encode(bytes, { owner, signal: stop });
      this.count++;
      this.#kept.set(key, target, sizeInBytes(target));
      return target;
    });
  }

  async #encode(bytes: Uint8Array, work: Work): Promise<EncodedTarget> {
    const { tiles, windows, summary } = await this.#embedder.cut(
      bytes,
      { role: 'target', stretchTo: null, windows: this.#windows },
      work,
    );
    const encode = async <Crop extends HashedTile | HashedWindow>(crop: Crop) => {
      const features = await this.#embedder.embed(crop, work);
      return { ...withoutPixels(crop), features };
    };
    const [encodedTiles, encodedWindows] = await Promise.all([
      Promise.all(tiles.map(encode)),
      Promise.all(windows.map(encode)),
    ]);
    return { tiles: encodedTiles, windows: encodedWindows, summary };
  }
}

/** What is kept of a crop that was encoded. */
function withoutPixels<Crop extends { pixels: Uint8Array }>(crop: Crop): Omit<Crop, 'pixels'> {
  return Object.fromEntries(Object.entries(crop).filter(([name]) => name !== 'pixels')) as Omit<Crop, 'pixels'>;
}

function sizeInBytes({ tiles, windows, summary }: EncodedTarget): number {
  const { luma, cells, colour } = summary;
  const histograms = colour.histograms.flat().reduce((sum, histogram) => sum + histogram.byteLength, 0);
  const features = [...tiles, ...windows].reduce((sum, crop) => sum + featureBytes(crop.features), 0);
  return features + luma.values.byteLength + cells.means.byteLength + histograms;
}
