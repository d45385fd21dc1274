import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockHome } from './home-lock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('lockHome', () => {
  it('is held by one process at a time, and names the holder', async () => {
    const path = join(folder, 'server.lock');
    const first = await lockHome(path);
    expect(first.held).toBe(true);
    expect(await lockHome(path)).toEqual({ held: false, pid: process.pid });
    if (first.held) await first.release();
    expect((await lockHome(path)).held).toBe(true);
  });

  it.each(['free', 'abandoned'])('is given to one of many that ask at once, where it is %s', async (state) => {
    for (let round = 0; round < 40; round++) {
      const path = join(folder, `${state}-${round}.lock`);
      if (state === 'abandoned') await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
      const locks = await Promise.all(Array.from({ length: 20 }, () => lockHome(path)));
      expect(locks.filter(({ held }) => held)).toHaveLength(1);
    }
  });

  it('takes over a lock that a crash of the machine left empty', async () => {
    const path = join(folder, 'empty.lock');
    await writeFile(path, '');
    expect((await lockHome(path)).held).toBe(true);
  });

  it('takes over from a process that is gone, even if another has its pid', async () => {
    const path = join(folder, 'stale.lock');
    await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }));
    expect((await lockHome(path)).held).toBe(true);
    await writeFile(path, JSON.stringify({ pid: process.pid, started: '1' }));
    expect((await lockHome(path)).held).toBe(true);
  });
});
