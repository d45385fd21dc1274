import { existsSync, readdirSync } from 'node:fs';
import { createRenderService } from '@pentimento/render';
import { SandboxLauncher, type Program } from '@pentimento/sandbox';
import { expect, it } from 'vitest';
import { commandOf, descendants } from '../hostile/processes.ts';
import { attackProgram } from '../support/attack-program.ts';

const size = { width: 100, height: 80 };

/** Prints what it could open for writing, and why not. */
const script = `import os
for path in ['/proc/self/mem', '/proc/1/mem', f'/proc/{os.getppid()}/mem', '/proc/self/oom_score_adj']:
    try:
        open(path, 'r+b')
        print('opened', path)
    except OSError as error:
        print(error.strerror)`;

it.each<Program['systemCalls']>(['computation', 'pipeline', 'browser'])(
  'a program with the system calls of a %s can write to no memory by way of /proc',
  async (systemCalls) => {
    const launcher = new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });
    const running = await launcher.start({ ...attackProgram(script, 2 ** 28), systemCalls });
    let output = '';
    running.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await running.ended;
    expect(output).toMatch(/^(?:(?:Read-only file system|Permission denied)\n){4}$/);
    expect(output).toContain('Read-only file system');
  },
);

it('the code of a render sees no /proc: in Python an empty one, in a page none', async () => {
  const renderers = createRenderService({ concurrency: 1, cacheBytes: 0, deadlineMs: 8000 });
  const render = (language: string, code: string) =>
    renderers.render({ language, code, size, trusted: false }, new AbortController().signal);
  try {
    const listing = `import os\nprint('entries', os.listdir('/proc'))\nopen('/proc/self/mem', 'r+b')`;
    expect(await render('python', listing)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('/proc/self/mem') as string,
    });
    let isDone = false;
    const rendered = render('html', '<script>for (;;) {}</script>').finally(() => (isDone = true));
    const pages = new Set<number>();
    while (!isDone && pages.size === 0) {
      for (const pid of descendants()) if (commandOf(pid).includes('--type=renderer')) pages.add(pid);
      await new Promise(setImmediate);
    }
    expect([...pages].map((pid) => isEmpty(`/proc/${pid}/root`))).toEqual([...pages].map(() => true));
    expect(await rendered).toMatchObject({ kind: 'timeout' });
    expect(pages.size).toBeGreaterThan(0);
  } finally {
    await renderers.close();
  }
});

/** Chromium gives the processes of pages a root that no longer exists. */
function isEmpty(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}
