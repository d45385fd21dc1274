import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createRenderService } from '@pentimento/render';
import { expect, it } from 'vitest';
import { SandboxLauncher } from '../../libs/sandbox/src/isolation/sandbox-launcher.ts';
import type { Program } from '../../libs/sandbox/src/isolation/program.ts';
import { commandOf, descendants, untilGone } from '../hostile/processes.ts';

/** Sleeps for a minute in a grandchild with a session of its own. The mark is in its command line. */
const sleeper = (mark: string): Program => ({
  readable: new Map(),
  command: () => ['/bin/sh', '-c', `setsid /bin/sh -c "sleep 60; : ${mark}"; : ${mark}`],
  environment: { PATH: '/usr/bin' },
  limits: {
    treeBytes: 2 ** 27,
    dataBytes: 2 ** 26,
    addressBytes: null,
    processes: 16,
    fileBytes: 2 ** 20,
    temporaryBytes: 2 ** 20,
    openFiles: 64,
  },
  systemCalls: 'pipeline',
  createsNamespaces: false,
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
  const launcher = new SandboxLauncher({ bubblewrap, allowUnsandboxed: true });
  await launcher.isolation();
  const mark = randomUUID();
  for (let turn = 0; turn < 60; turn++) {
    const running = await launcher.start(sleeper(mark));
    await delay(turn / 2);
    running.kill();
    await running.ended;
  }
  expect(marked(mark)).toEqual([]);
});

it('a document that is canceled at any moment, or is too slow, leaves no TeX process', async () => {
  const renderers = createRenderService({ concurrency: 2, deadlineMs: 400, cacheBytes: 0 });
  const render = (code: string, signal: AbortSignal) =>
    renderers.render({ language: 'latex', code, size: { width: 80, height: 60 }, trusted: false }, signal);
  const running = (): number[] => descendants().filter((pid) => commandOf(pid).includes('pdflatex'));
  const endless = (turn: number): string => `\\def\\again{\\again}\\again % ${turn}`;
  try {
    await renderers.states(['latex']);
    const turns = Array.from({ length: 24 }, async (_, turn) => {
      const caller = new AbortController();
      const timer = setTimeout(() => caller.abort(new Error('enough')), turn % 3 === 0 ? 10_000 : turn * 60);
      const result = await render(endless(turn), caller.signal).catch((error: Error) => error.message);
      clearTimeout(timer);
      return typeof result === 'string' ? result : result.status === 'failed' && result.kind;
    });
    expect(new Set(await Promise.all(turns))).toEqual(new Set(['timeout', 'enough']));
    expect((await untilGone(running, 2000)).map(commandOf)).toEqual([]);
  } finally {
    await renderers.close();
  }
}, 60_000);
