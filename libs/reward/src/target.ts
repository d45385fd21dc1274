import { hash } from 'node:crypto';
import type { Size } from '@pentimento/contracts';
import { type TileArea, tileAreas } from '@pentimento/imaging';
import { featureBytes } from './cache/tile-store.ts';
import { LruCache } from './cache/lru.ts';
import type { Embedder, Work } from './encoder/embedder.ts';
import type { CutRequest, HashedCrop, OpenTarget, TileFeatures } from './encoder/worker-messages.ts';
import { SharedWork } from './queue/shared-work.ts';
import type { Scored } from './terms/plain-cases.ts';
import { windowBoxes } from './terms/windows.ts';

const limits = { entries: 32, bytes: 256 * 1024 * 1024 };
/** Most renders of a target whose scores are kept, at up to 64 KiB each. */
const mostScored = 16;

interface EncodedCrop {
  sha256: string;
  /** Of a tile, in shared memory: what did not change in a render is not resampled again. A window is only a part of the raster. */
  pixels: Uint8Array | null;
  features: TileFeatures;
}

interface TargetOptions {
  windows: boolean;
  /** Most renders whose scores are kept. */
  scored: number;
}

/** A target, the crops of it that a render differed in so far, and what renders of it came to. */
export class Target {
  readonly image: OpenTarget;
  readonly areas: readonly TileArea[];
  readonly windowBoxes: ReturnType<typeof windowBoxes>;
  readonly tiles: (EncodedCrop | undefined)[];
  readonly windows: (EncodedCrop | undefined)[];
  /** What renders came to, by the SHA-256 of their bytes. */
  readonly scored: LruCache<Scored>;
  readonly #grown: () => void;

  constructor(image: OpenTarget, { windows, scored }: TargetOptions, grown: (target: Target) => void) {
    this.image = image;
    this.areas = tileAreas(image);
    this.windowBoxes = windows ? windowBoxes(image) : [];
    this.tiles = this.areas.map(() => undefined);
    this.windows = this.windowBoxes.map(() => undefined);
    this.scored = new LruCache({ entries: scored, bytes: Infinity });
    this.#grown = () => grown(this);
  }

  get size(): Size {
    return { width: this.image.width, height: this.image.height };
  }

  get known(): CutRequest['known'] {
    return {
      tiles: this.tiles.map((crop) => crop?.pixels ?? null),
      windows: this.windows.map((crop) => crop !== undefined),
    };
  }

  get bytes(): number {
    const { raster, summary } = this.image;
    const { luma, cells, colour } = summary;
    const features = [...this.tiles, ...this.windows].reduce(
      (sum, crop) => sum + (crop ? featureBytes(crop.features) + (crop.pixels?.byteLength ?? 0) : 0),
      0,
    );
    const parts = [raster.pixels, luma.values, cells.means, colour.counts, colour.roots];
    return parts.reduce((sum, { byteLength }) => sum + byteLength, features);
  }

  /** The features of a crop, made where they are not known. */
  async encode(
    level: 'tiles' | 'windows',
    index: number,
    crop: HashedCrop,
    embedder: Embedder,
    work: Work,
  ): Promise<EncodedCrop> {
    const known = this[level][index];
    if (known) return known;
    const features = await embedder.embed(crop, work);
    const encoded = { sha256: crop.sha256, pixels: level === 'tiles' ? crop.pixels : null, features };
    this[level][index] = encoded;
    this.#grown();
    return encoded;
  }
}

/** Targets that were opened, kept by their bytes; each is opened once, however many scores ask for it at once. */
export class Targets {
  /** Opened so far. */
  count = 0;
  readonly #kept = new LruCache<Target>(limits);
  readonly #underWay = new SharedWork<Target>();
  readonly #embedder: Embedder;
  readonly #options: TargetOptions;

  /** `cacheVectors` bounds what is kept of renders too. */
  constructor(embedder: Embedder, { windows, cacheVectors }: { windows: boolean; cacheVectors: number }) {
    this.#embedder = embedder;
    this.#options = { windows, scored: Math.min(mostScored, cacheVectors) };
  }

  async get(bytes: Uint8Array, { owner, signal }: Work): Promise<Target> {
    const key = hash('sha256', bytes, 'hex');
    const kept = this.#kept.get(key);
    if (kept) return kept;
    return this.#underWay.run(key, signal, async (stop) => {
      const image = await this.#embedder.open(bytes, { owner, signal: stop });
      const keep = (target: Target) => this.#kept.set(key, target, target.bytes);
      const target = new Target(image, this.#options, keep);
      this.count++;
      keep(target);
      return target;
    });
  }
}
