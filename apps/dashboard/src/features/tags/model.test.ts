import { expect, it } from 'vitest';
import { tagUrl, withTyped } from './model.ts';

it('adds what is typed between spaces and commas, each once and sorted', () => {
  expect(withTyped(['chart'], ' zebra, big  chart,')).toEqual({ tags: ['big', 'chart', 'zebra'], problem: null });
  expect(withTyped(['chart'], ' ')).toEqual({ tags: ['chart'], problem: null });
});

it('says why a tag cannot be, or that there are too many', () => {
  expect(withTyped([], 'größe').problem).toContain('1 to 40 characters');
  const many = Array.from({ length: 32 }, (_, index) => `tag-${index}`);
  expect(withTyped(many, 'tag-0').problem).toBeNull();
  expect(withTyped(many, 'more').problem).toBe('A job has at most 32 tags: leave some out.');
});

it('leads to the list under the tag', () => {
  expect(tagUrl('set:v1/train')).toBe('/?tag=set%3Av1%2Ftrain');
});
