import { hash } from 'node:crypto';
import type { AlphaMode, Size } from '@pentimento/contracts';
import {
  SharedWork,
  tileFeatureBytes,
  type EncoderPool,
  type HashedTile,
  type TileFeatures,
  type Work,
} from '@pentimento/encoder';
import { tileAreas, windowBoxes, type TileArea } from '@pentimento/imaging';
import { LRUCache } from 'lru-cache';
import { featureBytes } from '../features/extract.ts';
import type { Comparison } from '../scoring/comparison.ts';
import type { TermRegistry } from '../terms/reward-term.ts';
import type { CompareRequest, CompareTasks, DecodedTarget } from './tasks.ts';

const maxTargets = 32;
const maxTargetBytes = 256 * 1024 * 1024;
/** Renders of a target whose comparisons are kept, at up to 64 KiB each. */
const maxComparisons = 16;

interface EncodedCrop {
  sha256: string;
  /** Of a tile, in shared memory: unchanged parts of a render are copied from it. A window is only a part of the image. */
  pixels: Uint8Array | null;
  features: TileFeatures;
}

export interface TargetOptions {
  registry: TermRegistry;
  /** Whether windows are scored where the target has any. */
  windows: boolean;
  /** Bound of the vectors kept in memory; 0 keeps no comparisons either. */
  cacheVectors: number;
}

/** A decoded target, its crops that some render differed in, and the comparisons with its last renders. */
export class CachedTarget {
  readonly decoded: DecodedTarget;
  readonly areas: readonly TileArea[];
  readonly windowBoxes: ReturnType<typeof windowBoxes>;
  readonly tiles: (EncodedCrop | undefined)[];
  readonly windows: (EncodedCrop | undefined)[];
  readonly #comparisons: LRUCache<string, Comparison> | null;
  readonly #onGrowth: () => void;

  constructor(
    decoded: DecodedTarget,
    { windows, cacheVectors }: TargetOptions,
    onGrowth: (target: CachedTarget) => void,
  ) {
    this.decoded = decoded;
    this.areas = tileAreas(decoded);
    this.windowBoxes = windows ? windowBoxes(decoded) : [];
    this.tiles = this.areas.map(() => undefined);
    this.windows = this.windowBoxes.map(() => undefined);
    this.#comparisons = cacheVectors > 0 ? new LRUCache({ max: Math.min(maxComparisons, cacheVectors) }) : null;
    this.#onGrowth = () => onGrowth(this);
  }

  get size(): Size {
    return { width: this.decoded.width, height: this.decoded.height };
  }

  /** The comparison with a render, by the SHA-256 of its bytes. */
  comparisonWith(render: string): Comparison | undefined {
    return this.#comparisons?.get(render);
  }

  keepComparison(render: string, comparison: Comparison): void {
    this.#comparisons?.set(render, comparison);
  }

  get known(): CompareRequest['known'] {
    return {
      tiles: this.tiles.map((crop) => crop?.pixels ?? null),
      windows: this.windows.map((crop) => crop !== undefined),
    };
  }

  get bytes(): number {
    const { image, features } = this.decoded;
    const crops = [...this.tiles, ...this.windows].filter((crop) => crop !== undefined);
    return crops.reduce(
      (sum, { features, pixels }) => sum + tileFeatureBytes(features) + (pixels?.byteLength ?? 0),
      image.pixels.byteLength + featureBytes(features),
    );
  }

  /** The features of a crop; it is encoded where they are not known. */
  async encode(
    level: 'tiles' | 'windows',
    index: number,
    crop: HashedTile,
    encoders: EncoderPool<CompareTasks>,
    work: Work,
  ): Promise<EncodedCrop> {
    const known = this[level][index];
    if (known) return known;
    const features = await encoders.embed(crop, work);
    const encoded = { sha256: crop.sha256, pixels: level === 'tiles' ? crop.pixels : null, features };
    this[level][index] = encoded;
    this.#onGrowth();
    return encoded;
  }
}

/** Decoded targets by their bytes and alpha mode; each is decoded once, also for scores that need it at the same time. */
export class TargetCache {
  /** Decoded so far. */
  count = 0;
  readonly #kept = new LRUCache<string, CachedTarget>({
    max: maxTargets,
    maxSize: maxTargetBytes,
    sizeCalculation: (target) => target.bytes,
  });
  readonly #pending = new SharedWork<CachedTarget>();
  readonly #encoders: EncoderPool<CompareTasks>;
  readonly #options: TargetOptions;

  constructor(encoders: EncoderPool<CompareTasks>, options: TargetOptions) {
    this.#encoders = encoders;
    this.#options = options;
  }

  async get(bytes: Uint8Array, alpha: AlphaMode, { signal, ...work }: Work): Promise<CachedTarget> {
    const key = `${alpha} ${hash('sha256', bytes, 'hex')}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    return this.#pending.run(key, signal, async (stop) => {
      const { registry } = this.#options;
      const request = { registry: registry.module, bytes, alpha };
      const decoded = await this.#encoders.run('openTarget', request, { ...work, signal: stop });
      const keep = (target: CachedTarget) => this.#kept.set(key, target);
      const target = new CachedTarget(decoded, this.#options, keep);
      this.count++;
      keep(target);
      return target;
    });
  }
}
