import { SandboxLauncher } from '@pentimento/sandbox';
import { createRenderService, type RenderService } from '@pentimento/render';
import type { Language } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackProgram, memoryAttacks } from '../support/attack-program.ts';
import { peakMemoryOf } from '../support/peak-memory.ts';

const mebibyte = 1024 * 1024;
/** How far a program may come over its bound before the watchdog has killed it. */
const overshoot = 384 * mebibyte;

const launcher = new SandboxLauncher({ bubblewrap: undefined, allowUnsandboxed: false });

describe('a program in the sandbox', () => {
  it.each(Object.entries(memoryAttacks))('is killed when its tree has too much memory: %s', async (_, script) => {
    await launcher.isolation();
    const treeBytes = 512 * mebibyte;
    const peak = await peakMemoryOf(async () => {
      const running = await launcher.start(attackProgram(script, treeBytes));
      expect((await running.ended).signal).toBe('SIGKILL');
      expect(running.exceededMemory()).toBe(true);
    });
    expect(peak).toBeGreaterThan(treeBytes / 2);
    expect(peak).toBeLessThan(treeBytes + overshoot);
  });

  it('keeps memory that its processes share, which counts once', async () => {
    const script = `import mmap, os
memory = mmap.mmap(-1, 96 << 20)
for at in range(96): memory[at << 20:(at + 1) << 20] = bytes(1 << 20)
for _ in range(8):
    if os.fork() == 0:
        for page in range(0, 96 << 20, 4096): memory[page]
        os._exit(0)
for _ in range(8): os.wait()`;
    const running = await launcher.start(attackProgram(script, 256 * mebibyte));
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(running.exceededMemory()).toBe(false);
  });
});

describe('a render', () => {
  let renderers: RenderService;
  beforeAll(async () => {
    renderers = createRenderService({ concurrency: 1, cacheBytes: 0, deadlineMs: 40_000 });
    await renderers.states();
  });
  afterAll(() => renderers.close());

  const size = { width: 200, height: 100 };
  const render = (language: Language, code: string) =>
    renderers.render({ language, code, size, trusted: false }, new AbortController().signal);

  // Before any font is loaded, which takes LuaTeX a while.
  const luaTables =
    '\\directlua{local t = {} for i = 1, 1e9 do t[i] = string.rep(tostring(i), 1e7) end}\\documentclass{standalone}\\begin{document}x\\end{document}';
  const manyWorkers = `<script>
    const fill = 'const kept = []; for (;;) { kept.push(new Uint8Array(1 << 24).fill(kept.length + 1)) }';
    for (let i = 0; i < 12; i++) new Worker(URL.createObjectURL(new Blob([fill])));
    for (let count = 0; count < 4e9; count++) {}
  </script>`;
  const manyCanvases = `<body><script>
    for (let i = 0; i < 400; i++) {
      const canvas = document.createElement('canvas'); canvas.width = canvas.height = 4096;
      canvas.getContext('2d', { willReadFrequently: true }).fillRect(0, 0, 4096, 4096);
      document.body.append(canvas);
    }
  </script>`;

  it.each<[string, Language, string, RegExp]>([
    ['shared memory in Python', 'python', 'import mmap\nmemory = mmap.mmap(-1, 4 << 30)\nmemory[0] = 1', /memory/],
    ['processes in Python', 'python', `import os\nwhile True:\n    os.fork()\n    bytearray(1 << 28)`, /blocked/],
    ['tables in Lua', 'latex', luaTables, /memory/],
    // Their allocations fail, and the page may be left empty.
    ['many workers in a page', 'html', manyWorkers, /memory|single color/],
    ['many canvases in a page', 'html', manyCanvases, /memory/],
  ])('ends as a failure when it asks for too much: %s', async (_, language, code, kind) => {
    let result: Awaited<ReturnType<typeof render>> | undefined;
    const peak = await peakMemoryOf(async () => (result = await render(language, code)));
    expect(result!.status === 'failed' ? result!.kind : result!.log).toMatch(kind);
    // Everything else that is warm, included.
    expect(peak).toBeLessThan(2048 * mebibyte + 2 * overshoot);
    expect(await render(language, controls[language]!)).toMatchObject({ status: 'ok' });
  });
});

const controls: Partial<Record<Language, string>> = {
  python: 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()',
  latex: '\\begin{tikzpicture}\\draw (0,0) -- (1,1);\\end{tikzpicture}',
  html: '<h1>hello</h1>',
};
