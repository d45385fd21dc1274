import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const module = join(import.meta.dirname, 'kill-after.ts');

/** How a process ends that calls `killAfter` and then does the rest. */
async function endOf(ms: number, rest: string): Promise<unknown[]> {
  const script = `import { killAfter } from ${JSON.stringify(module)}; killAfter(${ms}); ${rest}`;
  return once(spawn(process.execPath, ['--input-type=module', '-e', script]), 'exit');
}

it('ends a process whose event loop spins', async () => {
  expect(await endOf(100, 'for (;;) await null;')).toEqual([null, 'SIGKILL']);
});

it('holds up no process that has nothing more to do', async () => {
  expect(await endOf(600_000, '')).toEqual([0, null]);
});
