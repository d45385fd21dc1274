import { expect, it } from 'vitest';
import { LruCache } from './lru.ts';

it('drops what was used longest ago above its number of entries', () => {
  const cache = new LruCache<string>({ entries: 2, bytes: 100 });
  cache.set('a', 'A', 1);
  cache.set('b', 'B', 1);
  cache.get('a');
  cache.set('c', 'C', 1);
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual(['A', undefined, 'C', 2]);
});

it('drops as much as its bytes ask for', () => {
  const cache = new LruCache<string>({ entries: 10, bytes: 100 });
  for (const key of ['a', 'b', 'c']) cache.set(key, key, 40);
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([undefined, 'b', 'c']);
  cache.set('b', 'larger', 90);
  expect([cache.get('b'), cache.size]).toEqual(['larger', 1]);
});

it('keeps nothing that is larger than all of it', () => {
  const cache = new LruCache<string>({ entries: 10, bytes: 100 });
  cache.set('a', 'A', 101);
  expect(cache.get('a')).toBeUndefined();
});
