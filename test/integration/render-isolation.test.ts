import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Language, RendererState, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService, type RenderServiceOptions } from '@pentimento/render';
import { languages } from '@pentimento/render/languages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants } from '../hostile/processes.ts';

const root = resolve(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;
const noAbort = new AbortController().signal;
const size = { width: 120, height: 90 };
const disc = '<svg viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="teal"/></svg>';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'pentimento-isolation-'));
  chmodSync(scratch, 0o755);
});
afterAll(() => rmSync(scratch, { recursive: true }));

async function withRenderers<T>(
  options: RenderServiceOptions,
  work: (renderers: RenderService) => Promise<T>,
): Promise<T> {
  const renderers = createRenderService({ concurrency: 1, cacheBytes: 0, temporaryFolder: scratch, ...options });
  try {
    return await work(renderers);
  } finally {
    await renderers.close();
  }
}

const renderCode = (
  renderers: RenderService,
  language: Language,
  code: string,
  trusted: boolean,
): Promise<RenderResult> => renderers.render({ language, code, size, trusted }, noAbort);

async function stateOf(renderers: RenderService, language: Language): Promise<RendererState> {
  return (await renderers.states()).find((state) => state.language === language)!;
}

describe('without a sandbox', () => {
  it('refuses untrusted code with the reason and the remedy', async () => {
    await withRenderers({ bubblewrap: null }, async (renderers) => {
      for (const language of ['svg', 'html'] as const) {
        expect(await renderCode(renderers, language, disc, false)).toMatchObject({
          status: 'failed',
          kind: 'unavailable',
          message: expect.stringMatching(/npm run setup -- --only base.*PENTIMENTO_ALLOW_UNSANDBOXED=yes/),
        });
      }
    });
  });

  it('renders trusted code in a separate process, and reports that', async () => {
    await withRenderers({ bubblewrap: null }, async (renderers) => {
      expect(await renderCode(renderers, 'svg', disc, true)).toMatchObject({ status: 'ok', ...size });
      for (const language of ['svg', 'html'] as const) {
        expect(await stateOf(renderers, language)).toMatchObject({
          available: true,
          isolation: 'process',
          reason: expect.stringContaining('only code of the built-in model'),
        });
      }
    });
  });

  it('runs no scripts in trusted pages', async () => {
    await withRenderers({ bubblewrap: null }, async (renderers) => {
      const quiet = await renderCode(renderers, 'html', '<h1>hello</h1>', true);
      const loud = await renderCode(
        renderers,
        'html',
        '<h1>hello</h1><script>document.body.style.background = "red"</script>',
        true,
      );
      expect(quiet.status).toBe('ok');
      expect(imageOf(loud)).toBe(imageOf(quiet));
    });
  });

  it("reports bubblewrap's error if it does not work", async () => {
    const broken = join(scratch, 'bwrap');
    writeFileSync(broken, '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n', {
      mode: 0o755,
    });
    await withRenderers({ bubblewrap: broken }, async (renderers) => {
      expect(await stateOf(renderers, 'svg')).toMatchObject({
        isolation: 'process',
        reason: expect.stringMatching(/No permissions to create new namespace\): allow user namespaces/),
      });
    });
  });

  it('detects a bubblewrap that isolates nothing', async () => {
    const open = join(scratch, 'open-bwrap');
    // It shows the machine's files and network, read-only so that what tries to get out leaves nothing there.
    const show = '/usr/bin/bwrap --ro-bind / / --dev /dev --';
    writeFileSync(open, `#!/bin/sh\nwhile [ "$1" != "--" ]; do shift; done\nshift\nexec ${show} "$@"\n`, {
      mode: 0o755,
    });
    await withRenderers({ bubblewrap: open }, async (renderers) => {
      expect(await renderCode(renderers, 'svg', disc, false)).toMatchObject({ status: 'failed', kind: 'unavailable' });
    });
  });

  it('renders untrusted code if the setting allows it', async () => {
    await withRenderers({ bubblewrap: null, allowUnsandboxed: true }, async (renderers) => {
      expect(await renderCode(renderers, 'svg', disc, false)).toMatchObject({ status: 'ok' });
      expect(await renderCode(renderers, 'html', '<script>document.write("shown")</script>', false)).toMatchObject({
        status: 'ok',
      });
      expect(await stateOf(renderers, 'html')).toMatchObject({
        available: true,
        isolation: 'unsafe',
        reason: expect.stringContaining('unconfined'),
      });
    });
  });
});

describe('without Chromium', () => {
  it('names what to install, and reports what an SVG lacks', async () => {
    await withRenderers({ chromium: null }, async (renderers) => {
      const remedy = expect.stringContaining('npm run setup -- --only html');
      expect(await renderCode(renderers, 'html', '<h1>x', false)).toMatchObject({
        kind: 'unavailable',
        message: remedy,
      });
      expect(await stateOf(renderers, 'html')).toMatchObject({ available: false, isolation: null, reason: remedy });
      expect(await stateOf(renderers, 'svg')).toMatchObject({ available: true, isolation: 'sandbox', reason: remedy });
      const onPath = disc.replace('</svg>', '<text><textPath href="#x">x</textPath></text></svg>');
      expect(await renderCode(renderers, 'svg', onPath, false)).toMatchObject({
        status: 'ok',
        log: 'Left out, because there is no browser: <textPath>.',
      });
      expect(await renderCode(renderers, 'svg', '<svg width="9" height="9">&nbsp;</svg>', false)).toMatchObject({
        kind: 'syntax',
      });
    });
  });
});

describe('no process and no file is left', () => {
  it.each<[string, RenderServiceOptions]>([
    ['sandboxed', {}],
    ['unsandboxed', { bubblewrap: null, allowUnsandboxed: true }],
  ])('after closing, %s, with renders in progress', async (_, options) => {
    const temporaryFolder = mkdtempSync(join(scratch, 'left-'));
    const before = new Set(descendants());
    const renderers = createRenderService({ concurrency: 2, temporaryFolder, ...options });
    await renderers.states();
    expect(descendants().filter((pid) => !before.has(pid)).length).toBeGreaterThan(2);
    const endless = [1, 2, 3].map(() => renderCode(renderers, 'html', '<script>for(;;);</script>', false));
    const ends = Promise.allSettled(endless);
    await renderers.close();
    expect((await ends).map((end) => end.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(descendants().filter((pid) => !before.has(pid))).toEqual([]);
    expect(readdirSync(temporaryFolder)).toEqual([]);
    await expect(renderCode(renderers, 'svg', disc, false)).rejects.toThrow('closed');
    await renderers.close();
  });

  it.each<[string, RenderServiceOptions]>([
    ['sandboxed', {}],
    ['unsandboxed', { bubblewrap: null, allowUnsandboxed: true }],
  ])('after kill -9 of the parent process, %s, except files that the next one removes', async (_, options) => {
    const temporaryFolder = mkdtempSync(join(scratch, 'killed-'));
    const code = `import { createRenderService } from '@pentimento/render';
      const renderers = createRenderService(${JSON.stringify({ concurrency: 1, temporaryFolder, ...options })});
      await renderers.states();
      renderers.render({ language: 'html', code: '<script>for(;;);</script>', size: { width: 9, height: 9 }, trusted: false }, new AbortController().signal);
      console.log('started');`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const tree = descendants(parent.pid);
    expect(tree.length).toBeGreaterThan(2);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expectGone(tree);
    await withRenderers({ ...options, temporaryFolder }, (renderers) => renderers.states());
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });
});

it('passes on no descriptor that this process inherited', async () => {
  const code = `import { readlinkSync } from 'node:fs';
    import { createRenderService } from '@pentimento/render';
    import { descendants } from './test/hostile/processes.ts';
    const renderers = createRenderService({ concurrency: 1 });
    await renderers.states();
    const fileOf = (pid) => { try { return readlinkSync('/proc/' + pid + '/fd/50') } catch { return 'none' } };
    const holders = descendants().filter((pid) => fileOf(pid) === fileOf('self'));
    console.log(JSON.stringify([fileOf('self') !== 'none', holders]));
    await renderers.close();`;
  const unused = Array.from({ length: 47 }, () => 'ignore' as const);
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit', ...unused, 'pipe'],
  });
  const [answer] = (await once(parent.stdout!, 'data')) as [Buffer];
  expect(JSON.parse(answer.toString())).toEqual([true, []]);
  await once(parent, 'exit');
});

describe('a checkout', () => {
  /** All except Mermaid, whose package is not in the copy. */
  const allSandboxed = languages.flatMap(({ id }) => (id === 'mermaid' ? [] : [[id, 'sandbox']]));

  it.skipIf(!isRoot)('below a folder that only root may enter has a sandbox', async () => {
    const closed = join(scratch, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const checkout = copyCheckout(join(closed, 'checkout'));
    expect(statesOf(checkout, [])).toEqual(allSandboxed);
  });

  it.skipIf(!isRoot)('that only root may read has a sandbox', async () => {
    const checkout = copyCheckout(join(scratch, 'private'));
    execFileSync('chmod', ['-R', 'go-rwx', checkout]);
    expect(statesOf(checkout, [])).toEqual(allSandboxed);
  });

  it.skipIf(!isRoot)('gives an ordinary user a sandbox', async () => {
    const checkout = copyCheckout(join(scratch, 'open'));
    const asUser = ['setpriv', '--reuid=61234', '--regid=61234', '--clear-groups'];
    expect(statesOf(checkout, asUser)).toEqual(allSandboxed);
  });

  it.skipIf(!isRoot)('renders a trusted SVG without a sandbox for a user who runs many other processes', async () => {
    const checkout = copyCheckout(join(scratch, 'busy'));
    const asUser = ['setpriv', '--reuid=61235', '--regid=61235', '--clear-groups'];
    const before = `import { spawn } from 'node:child_process';
      const others = Array.from({ length: 100 }, () => spawn('sleep', ['60'], { stdio: 'ignore' }));
      others.forEach((other) => other.unref());
      process.on('exit', () => others.forEach((other) => other.kill()));`;
    const states = statesOf(checkout, asUser, { options: '{ bubblewrap: null }', before });
    expect(states).toContainEqual(['svg', 'process']);
  });
});

const imageOf = (result: RenderResult): string =>
  result.status === 'ok' ? Buffer.from(result.image).toString('base64') : '';

/** Polls, because the kernel does not notify this process when another process's child ends. */
async function expectGone(pids: number[]): Promise<void> {
  const living = (): number[] =>
    pids.filter((pid) => existsSync(`/proc/${pid}`) && !/^State:\s*Z/m.test(statusOf(pid)));
  for (let i = 0; i < 100 && living().length > 0; i++) await delay(50);
  expect(living()).toEqual([]);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State: Z';
  }
}

/** A copy of the renderers' part of this checkout, with this Node. */
function copyCheckout(folder: string): string {
  const libraries = librariesOf('render');
  for (const name of libraries) cpSync(join(root, 'libs', name), join(folder, 'libs', name), { recursive: true });
  for (const name of closureOf(['sharp', 'zod'])) {
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules/@pentimento'));
  for (const name of libraries) symlinkSync(`../../libs/${name}`, join(folder, 'node_modules/@pentimento', name));
  cpSync(process.execPath, join(folder, 'node'));
  return folder;
}

/** The library and those that it imports. */
function librariesOf(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'libs', name, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  for (const other of Object.keys(dependencies))
    if (other.startsWith('@pentimento/')) librariesOf(other.slice('@pentimento/'.length), found);
  return found;
}

function closureOf(names: string[], found = new Set<string>()): Set<string> {
  for (const name of names) {
    const manifest = join(root, 'node_modules', name, 'package.json');
    if (found.has(name) || !existsSync(manifest)) continue;
    found.add(name);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<
      string,
      object
    >;
    closureOf([...Object.keys(dependencies), ...Object.keys(optionalDependencies)], found);
  }
  return found;
}

/** The languages that a program in that checkout can render, with their isolation. */
function statesOf(checkout: string, prefix: string[], { options = '{}', before = '' } = {}): string[][] {
  const code = `import { createRenderService } from '${checkout}/libs/render/src/index.ts';
    ${before}
    const renderers = createRenderService({ concurrency: 1, ...${options} });
    console.log(JSON.stringify(await renderers.states()));
    await renderers.close();`;
  const [command, ...args] = [...prefix, join(checkout, 'node'), '--input-type=module', '-e', code];
  const states = JSON.parse(execFileSync(command!, args, { encoding: 'utf8', cwd: '/' })) as RendererState[];
  return states.filter((state) => state.available).map((state) => [state.language, String(state.isolation)]);
}
