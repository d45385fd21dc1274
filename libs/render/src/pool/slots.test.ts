import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

it('lends each slot to one at a time, first come, first served', async () => {
  const slots = new Slots(['only']);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const uses = ['a', 'b', 'c'].map((name) =>
    slots.use(never, async () => {
      order.push(`${name} in`);
      await gate.promise;
      order.push(`${name} out`);
    }),
  );
  expect(order).toEqual([]);
  gate.resolve();
  await Promise.all(uses);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
});

it('takes a slot back from work that fails', async () => {
  const slots = new Slots(['only']);
  await expect(slots.use(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await slots.use(never, (slot) => Promise.resolve(slot))).toBe('only');
});

it('lets the waiting give up without losing the slot', async () => {
  const slots = new Slots(['only']);
  const gate = Promise.withResolvers<void>();
  const first = slots.use(never, () => gate.promise);
  const impatient = new AbortController();
  const second = slots.use(impatient.signal, () => Promise.resolve('second'));
  const third = slots.use(never, () => Promise.resolve('third'));
  impatient.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  gate.resolve();
  await first;
  expect(await third).toBe('third');
});

it('does not begin for one who has given up already', async () => {
  await expect(new Slots(['only']).use(AbortSignal.abort(new Error('late')), () => Promise.resolve())).rejects.toThrow(
    'late',
  );
});
