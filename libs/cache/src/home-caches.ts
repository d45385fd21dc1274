import { join } from 'node:path';
import type { ByteCache } from '@pentimento/contracts';
import { createByteCache } from './byte-cache.ts';

const mebibyte = 1024 * 1024;

/** Maximum bytes of each cache in the folder `cache` of a home. All of it can be deleted at any time. */
const cacheBounds = { vectors: 256 * mebibyte, renders: 512 * mebibyte, scores: 64 * mebibyte, models: mebibyte };

export const homeCacheNames = Object.keys(cacheBounds) as (keyof typeof cacheBounds)[];

/** The caches that all processes over a home share: tile vectors, renders, reward records, and what was learned of models' servers. */
export function createHomeCaches(home: string): Record<keyof typeof cacheBounds, ByteCache> {
  const open = (name: keyof typeof cacheBounds) =>
    createByteCache({ folder: join(home, 'cache', name), maxBytes: cacheBounds[name] });
  return { vectors: open('vectors'), renders: open('renders'), scores: open('scores'), models: open('models') };
}
