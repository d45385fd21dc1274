import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { withLock } from './lock.mjs';

const lockModule = new URL('./lock.mjs', import.meta.url).href;

it('lets one holder in at a time and wakes the next when it is done', async () => {
  const name = randomUUID();
  const order: string[] = [];
  const { promise: firstMayEnd, resolve: endFirst } = Promise.withResolvers<void>();
  const { promise: waiting, resolve: secondWaits } = Promise.withResolvers<void>();
  const { promise: inside, resolve: firstIsIn } = Promise.withResolvers<void>();
  const first = withLock(name, async () => {
    firstIsIn();
    await firstMayEnd;
    order.push('first');
  });
  await inside;
  const second = withLock(name, async () => order.push('second'), secondWaits);
  await waiting;
  endFirst();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

it('is free again after work that throws', async () => {
  const name = randomUUID();
  await expect(withLock(name, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(withLock(name, async () => 'entered')).resolves.toBe('entered');
});

it('is free again when its holder is killed', async () => {
  const name = randomUUID();
  const program = `
    const { withLock } = await import(${JSON.stringify(lockModule)});
    await withLock(${JSON.stringify(name)}, () => new Promise(() => { console.log('in'); setInterval(() => {}, 1000); }));`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const entered = withLock(
    name,
    async () => 'entered',
    () => void holder.kill('SIGKILL'),
  );
  await expect(entered).resolves.toBe('entered');
});

it('keeps folders apart', async () => {
  const name = randomUUID();
  const elsewhere = () => withLock(name, async () => 'entered', undefined, '/elsewhere');
  await expect(withLock(name, elsewhere)).resolves.toBe('entered');
});
