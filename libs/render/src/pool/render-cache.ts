import { createHash } from 'node:crypto';
import type { ByteCache, RenderRequest } from '@pentimento/contracts';
import { LRUCache } from 'lru-cache';
import type { RenderOutput } from '../port/renderer.ts';
import { RenderDiskCache } from './render-disk-cache.ts';

/** A request, and what else decides its output. */
export interface CacheableRender {
  request: RenderRequest;
  scripts: boolean;
  /** The renderer with its version; undefined where it cannot render now. Asked for only where results are kept on disk. */
  version(): Promise<string | undefined>;
}

/** Keeps outputs in memory, and on disk where there is a cache for it. */
export class RenderCache {
  readonly #memory: LRUCache<string, RenderOutput> | undefined;
  readonly #disk: RenderDiskCache | undefined;

  /**
   * @param maxBytes bound on the images in memory; 0 keeps none.
   * @param chromium path of the browser that several languages are rendered by.
   */
  constructor(maxBytes: number, disk: ByteCache | undefined, chromium: string | undefined) {
    this.#memory = maxBytes > 0 ? new LRUCache({ maxSize: maxBytes, sizeCalculation: sizeOf }) : undefined;
    this.#disk = disk && new RenderDiskCache(disk, chromium);
  }

  async getOrRender(wanted: CacheableRender, render: () => Promise<RenderOutput>): Promise<RenderOutput> {
    const key = keyOf(wanted.request);
    const kept = this.#memory?.get(key);
    if (kept) return kept;
    const diskKey = await this.#diskKeyOf(key, wanted);
    const keptOnDisk = diskKey === undefined ? undefined : await this.#disk?.get(diskKey);
    const output = keptOnDisk ?? (await render());
    if (isRepeatable(output)) {
      this.#memory?.set(key, output);
      if (diskKey !== undefined && !keptOnDisk) await this.#disk?.set(diskKey, output);
    }
    return output;
  }

  async #diskKeyOf(key: string, { scripts, version }: CacheableRender): Promise<string | undefined> {
    const renderer = this.#disk && (await version());
    return renderer && `${renderer} ${!scripts} ${key}`;
  }
}

/**
 * Renderers and their versions do not change while the process lives, so the request alone is the key. Of the code, its UTF-16 units: in
 * UTF-8 each half of a surrogate pair would be the same replacement character.
 */
function keyOf({ language, size, deviceScale = 1, viewportHeight, code, reference = '' }: RenderRequest): string {
  const setting = JSON.stringify([language, size.width, size.height, deviceScale, viewportHeight, reference]);
  return createHash('sha256').update(setting).update(code, 'utf16le').digest('hex');
}

/** Whether the same code would have the same output again, on a busy machine too. */
function isRepeatable(output: RenderOutput): boolean {
  return output.status === 'ok' || ['syntax', 'empty', 'too-large'].includes(output.kind);
}

const sizeOf = (output: RenderOutput): number => (output.status === 'ok' ? output.image.length : 0) + 4096;
