import { expect, it } from 'vitest';
import { RoundRobin } from './round-robin.ts';

function filled(items: Record<string, string[]>): RoundRobin<string> {
  const queue = new RoundRobin<string>();
  for (const [key, line] of Object.entries(items)) for (const item of line) queue.push(key, item);
  return queue;
}

function drain(queue: RoundRobin<string>): string[] {
  const items: string[] = [];
  for (let item = queue.shift(); item; item = queue.shift()) items.push(item);
  return items;
}

it('lets lines take turns, each in its own order', () => {
  expect(drain(filled({ a: ['a1', 'a2', 'a3'], b: ['b1'], c: ['c1', 'c2'] }))).toEqual([
    'a1',
    'b1',
    'c1',
    'a2',
    'c2',
    'a3',
  ]);
});

it('skips items that do not fit, without losing a turn', () => {
  const queue = filled({ a: ['a1', 'a2'], b: ['b1'] });
  expect(queue.shift((item) => item === 'b1')).toBe('b1');
  expect(queue.shift((item) => item === 'a2')).toBe('a2');
  expect(queue.shift((item) => item === 'nothing')).toBeUndefined();
  expect([queue.size, queue.items]).toEqual([1, ['a1']]);
});

it('removes items, and ignores unknown ones', () => {
  const queue = filled({ a: ['a1', 'a2'], b: ['b1'] });
  for (const item of ['a1', 'b1', 'other']) queue.remove(item);
  expect([queue.size, queue.items, drain(queue)]).toEqual([1, ['a2'], ['a2']]);
});
