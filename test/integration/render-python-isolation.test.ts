import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language, RendererState, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService, type RenderServiceOptions } from '@pentimento/render';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants } from '../hostile/processes.ts';

const noAbort = new AbortController().signal;
const size = { width: 200, height: 150 };
const chart = 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig("x.png")';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'pentimento-python-'));
  chmodSync(scratch, 0o755);
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function withRenderers<T>(
  options: RenderServiceOptions,
  work: (renderers: RenderService) => Promise<T>,
): Promise<T> {
  const renderers = createRenderService({
    concurrency: 1,
    cacheBytes: 0,
    temporaryFolder: scratch,
    chromium: null,
    deadlineMs: 5000,
    ...options,
  });
  try {
    return await work(renderers);
  } finally {
    await renderers.close();
  }
}

const renderCode = (
  renderers: RenderService,
  code: string,
  trusted = false,
  language: Language = 'python',
): Promise<RenderResult> => renderers.render({ language, code, size, trusted }, noAbort);

async function stateOf(renderers: RenderService, language: Language): Promise<RendererState> {
  return (await renderers.states()).find((state) => state.language === language)!;
}

describe('without a sandbox', () => {
  it('renders only trusted code, and leaves no file', async () => {
    await withRenderers({ bubblewrap: null }, async (renderers) => {
      expect(await renderCode(renderers, chart)).toMatchObject({ status: 'failed', kind: 'unavailable' });
      expect(await renderCode(renderers, chart, true)).toMatchObject({ status: 'ok', width: 640 });
      expect(await renderCode(renderers, 'CCO', true, 'smiles')).toMatchObject({ status: 'ok', ...size });
    });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('renders untrusted code if the setting allows it, each in a folder of its own', async () => {
    await withRenderers({ bubblewrap: null, allowUnsandboxed: true }, async (renderers) => {
      const code = `${chart}\nimport os\nassert os.listdir('.').count('x.png') == 1 and len(os.listdir('.')) == 2`;
      expect(await renderCode(renderers, code)).toMatchObject({ status: 'ok' });
      expect(await renderCode(renderers, code)).toMatchObject({ status: 'ok' });
      expect(await renderCode(renderers, 'while True: pass')).toMatchObject({ kind: 'timeout' });
      expect(await stateOf(renderers, 'python')).toMatchObject({ available: true, isolation: 'unsafe' });
    });
    expect(readdirSync(scratch)).toEqual([]);
  });
});

it('starts a Python for each render if the sandbox allows no further namespaces', async () => {
  const wrapper = join(scratch, 'bwrap');
  writeFileSync(wrapper, '#!/bin/sh\nexec /usr/bin/bwrap --disable-userns "$@"\n', { mode: 0o755 });
  await withRenderers({ bubblewrap: wrapper }, async (renderers) => {
    expect(await stateOf(renderers, 'python')).toMatchObject({
      isolation: 'sandbox',
      reason: expect.stringContaining('each render starts a Python of its own'),
    });
    await renderCode(renderers, "open('/tmp/left', 'w').write('x')");
    const look = `${chart}\nimport os\nassert not os.path.exists('/tmp/left')\nos.kill(1, 0)`;
    expect(await renderCode(renderers, look)).toMatchObject({
      message: expect.stringMatching(/^PermissionError.*\n {2}line 6: os.kill/),
    });
    expect(
      await renderCode(
        renderers,
        `import os\nfor i in range(2, 99):\n  try: os.kill(i, 9)\n  except OSError: pass\n${chart}`,
      ),
    ).toMatchObject({ status: 'ok' });
  });
  rmSync(wrapper);
});

it.each<[string, RenderServiceOptions]>([
  ['sandboxed', {}],
  ['unsandboxed', { bubblewrap: null, allowUnsandboxed: true }],
])('leaves no process and no file after closing, %s, with renders in progress', async (_, options) => {
  const before = new Set(descendants());
  const renderers = createRenderService({ concurrency: 1, temporaryFolder: scratch, chromium: null, ...options });
  await renderers.states();
  const ends = Promise.allSettled([
    renderCode(renderers, 'while True: pass'),
    renderCode(renderers, 'while True: pass'),
  ]);
  await renderers.close();
  expect((await ends).map((end) => end.status)).toEqual(['rejected', 'rejected']);
  expect(descendants().filter((pid) => !before.has(pid))).toEqual([]);
  expect(readdirSync(scratch)).toEqual([]);
});

describe('another Python', () => {
  it('can be in a virtual environment, which the sandbox shows', async () => {
    const environment = join(scratch, 'environment');
    makeEnvironment(environment);
    writeFileSync(join(environment, sitePackages, 'only_here.py'), 'color = "teal"\n');
    const code = `import only_here, matplotlib.pyplot as plt\nplt.plot([1, 2], color=only_here.color)\nplt.show()`;
    await withRenderers({ python: join(environment, 'bin/python') }, async (renderers) => {
      expect(await renderCode(renderers, code)).toMatchObject({ status: 'ok' });
    });
    await withRenderers({}, async (renderers) => {
      expect(await renderCode(renderers, code)).toMatchObject({
        kind: 'runtime',
        message: expect.stringContaining('only_here'),
      });
    });
    rmSync(environment, { recursive: true });
  });

  it('without matplotlib renders no charts, and the message has the remedy', async () => {
    const environment = join(scratch, 'bare');
    makeEnvironment(environment, 'false');
    await withRenderers({ python: join(environment, 'bin/python') }, async (renderers) => {
      const remedy = expect.stringContaining('npm run setup -- --only python');
      expect(await stateOf(renderers, 'python')).toMatchObject({ available: false, reason: remedy });
      expect(await renderCode(renderers, chart)).toMatchObject({ kind: 'unavailable', message: remedy });
      expect(await renderCode(renderers, 'CCO', false, 'smiles')).toMatchObject({ kind: 'unavailable' });
    });
    rmSync(environment, { recursive: true });
  });

  it.each<[string, string | null]>([
    ['does not exist', '/nowhere/python'],
    ['is turned off', null],
    ['is another program', '/bin/true'],
  ])('that %s does not affect other languages', async (_, python) => {
    await withRenderers({ python }, async (renderers) => {
      expect(await stateOf(renderers, 'python')).toMatchObject({
        available: false,
        reason: expect.stringContaining('PENTIMENTO_PYTHON'),
      });
      expect(await stateOf(renderers, 'svg')).toMatchObject({ available: true });
    });
  });
});

const version = readdirSync('/usr/lib').find((name) => /^python3\.\d+$/.test(name)) ?? 'python3';
const sitePackages = `lib/${version}/site-packages`;

/** Makes what `python3 -m venv` makes, because Debian's venv package may be missing. */
function makeEnvironment(folder: string, withSystemPackages = 'true'): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, sitePackages), { recursive: true });
  symlinkSync('/usr/bin/python3', join(folder, 'bin/python'));
  writeFileSync(join(folder, 'pyvenv.cfg'), `home = /usr/bin\ninclude-system-site-packages = ${withSystemPackages}\n`);
}
