import { expect, it } from 'vitest';
import { ResourcePool } from './resource-pool.ts';

const noAbort = new AbortController().signal;

it('lends each resource to one caller at a time, in the order in which they came', async () => {
  const pool = new ResourcePool(['only']);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const uses = ['a', 'b', 'c'].map((name) =>
    pool.use('', noAbort, async () => {
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

it('lets the keys of waiting callers take turns', async () => {
  const pool = new ResourcePool(['only']);
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const uses = ['many', 'many', 'many', 'many', 'single'].map((key) =>
    pool.use(key, noAbort, async () => {
      order.push(key);
      await gate.promise;
    }),
  );
  gate.resolve();
  await Promise.all(uses);
  expect(order).toEqual(['many', 'many', 'single', 'many', 'many']);
});

it('takes a resource back when the work with it fails', async () => {
  const pool = new ResourcePool(['only']);
  await expect(pool.use('', noAbort, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await pool.use('', noAbort, (resource) => Promise.resolve(resource))).toBe('only');
});

it('loses no resource when a waiting caller aborts', async () => {
  const pool = new ResourcePool(['only']);
  const gate = Promise.withResolvers<void>();
  const first = pool.use('', noAbort, () => gate.promise);
  const impatient = new AbortController();
  const second = pool.use('', impatient.signal, () => Promise.resolve('second'));
  const third = pool.use('', noAbort, () => Promise.resolve('third'));
  impatient.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  gate.resolve();
  await first;
  expect(await third).toBe('third');
});

it('starts no work for a caller that has aborted already', async () => {
  const aborted = AbortSignal.abort(new Error('late'));
  await expect(new ResourcePool(['only']).use('', aborted, () => Promise.resolve())).rejects.toThrow('late');
});
