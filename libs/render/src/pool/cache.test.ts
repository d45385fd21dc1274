import { expect, it } from 'vitest';
import { BoundedCache } from './cache.ts';

it('forgets what was unused for longest once it weighs too much', () => {
  const cache = new BoundedCache<string>(10);
  cache.set('a', 'A', 4);
  cache.set('b', 'B', 4);
  expect(cache.get('a')).toBe('A');
  cache.set('c', 'C', 4);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C']);
});

it('keeps nothing heavier than itself, and counts a replaced value once', () => {
  const cache = new BoundedCache<string>(10);
  cache.set('big', 'B', 11);
  expect(cache.get('big')).toBeUndefined();
  for (let i = 0; i < 5; i++) cache.set('a', `A${i}`, 6);
  cache.set('b', 'B', 4);
  expect(cache.get('a')).toBe('A4');
});
