import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Keeper } from '../../libs/render/src/sandbox/keeper.ts';
import type { Program } from '../../libs/render/src/sandbox/program.ts';

/** Sleeps for a minute as a grandchild in a session of its own, and is known by a word in its command line. */
const sleeper = (mark: string): Program => ({
  readable: new Map(),
  command: () => ['/bin/sh', '-c', `setsid /bin/sh -c "sleep 60; : ${mark}"; : ${mark}`],
  environment: { PATH: '/usr/bin' },
  limits: { dataBytes: 2 ** 26, processes: 16, fileBytes: 2 ** 20, temporaryBytes: 2 ** 20, openFiles: 64 },
  systemCalls: 'pipeline',
  extraPipes: 0,
});

function marked(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}

it.each([
  ['a sandbox', undefined],
  ['no sandbox', null],
])('a program in %s that is killed at any moment leaves no process', async (_, bubblewrap) => {
  const keeper = new Keeper({ bubblewrap, allowUnsandboxed: true });
  await keeper.isolated();
  const mark = randomUUID();
  for (let turn = 0; turn < 60; turn++) {
    const running = await keeper.start(sleeper(mark));
    await delay(turn / 2);
    running.kill();
    await running.ended;
  }
  expect(marked(mark)).toEqual([]);
});
