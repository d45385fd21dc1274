import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService, type RenderServiceOptions } from '@pentimento/render';
import { languages } from '@pentimento/render/languages';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMagentaIn, setCanary, type Canary } from './canary.ts';
import { fires } from './fires.ts';
import { filesLeft, processesLeft } from './leftovers.ts';
import { bubblewrap, runBehindOuterWall } from './outer-wall.ts';
import { commandOf, descendants } from './processes.ts';

/** Programs that reach something where no sandbox holds them. */
const reaching = (
  await Promise.all(
    languages.map(async ({ id: language, loadSamples }) => {
      const { samples } = await loadSamples();
      const programs = Object.entries(samples.reachesUnsandboxed ?? {});
      return programs.map(([name, needs]) => ({ language, name, network: needs }));
    }),
  )
).flat();

let canary: Canary;
beforeAll(async () => {
  canary = await setCanary();
});
afterAll(() => canary.close());

const never = new AbortController().signal;
const size = { width: 300, height: 200 };
const sandboxed: RenderServiceOptions = {};
const unsandboxed: RenderServiceOptions = { bubblewrap: null, allowUnsandboxed: true };
const canWriteHere = process.getuid?.() === 0;

async function withRenderers<T>(
  options: RenderServiceOptions,
  work: (renderers: RenderService) => Promise<T>,
): Promise<T> {
  const renderers = createRenderService({ concurrency: 1, cacheBytes: 0, ...options });
  try {
    return await work(renderers);
  } finally {
    await renderers.close();
  }
}

const draw = (renderers: RenderService, language: Language, code: string): Promise<RenderResult> =>
  renderers.render({ language, code, size, trusted: false }, never);

async function available(language: Language): Promise<boolean> {
  const states = await withRenderers({}, (renderers) => renderers.states([language]));
  return states[0]!.available;
}

describe('the suite fails once nothing holds the programs', { timeout: 150_000 }, () => {
  it.for(reaching)('$language: $name', async ({ language, name, network }, { skip }) => {
    skip(!bubblewrap, 'bubblewrap is not installed');
    skip(!(await available(language)), `${language} cannot be drawn on this machine`);
    expect(JSON.parse(await runBehindOuterWall('unsandboxed.ts', [language, name], network))).toBe(true);
    expect(await fires(sandboxed, language, name)).toBe(false);
  });

  it('refuses to run a hostile program where it could write to the machine', { skip: !canWriteHere }, async () => {
    const program = fileURLToPath(new URL('unsandboxed.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'python', 'files written everywhere'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('run it behind the outer wall');
  });
});

describe.skipIf(!bubblewrap)('the outer wall', () => {
  it('keeps files, processes and network of the machine out of reach', async () => {
    const found = JSON.parse(await runBehindOuterWall('outer-wall-probe.ts', [String(canary.port), canary.folder]));
    expect(found).toEqual({
      written: ['/tmp', '/var/tmp', '/dev/shm', '/run'],
      reached: [],
      processes: 2,
      capabilities: '0',
    });
  });
});

describe('the canary', () => {
  it('is seen in a picture that shows its colour', async () => {
    const code = '<svg width="50" height="50"><rect width="9" height="9" fill="magenta"/></svg>';
    const result = await withRenderers({}, (renderers) => draw(renderers, 'svg', code));
    expect(result.status === 'ok' && (await isMagentaIn(result.image))).toBe(true);
  });

  it('is seen where a drawing spells the secret out', async () => {
    const code = `<!DOCTYPE svg [<!ENTITY x "${canary.secret}">]><svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">
      <text x="-200" y="99" font-size="40" fill="magenta">&x;</text></svg>`;
    const result = await withRenderers({}, (renderers) => draw(renderers, 'svg', code));
    expect(result.status === 'ok' && (await isMagentaIn(result.image))).toBe(true);
  });
});

describe('the programs of all renderers', () => {
  /** What is said of each process that stands ready to draw; bubblewrap itself, which holds them, left out. */
  async function standing(options: RenderServiceOptions) {
    return withRenderers(options, async (renderers) => {
      await renderers.states();
      return descendants()
        .map((pid) => ({
          command: commandOf(pid),
          environment: readFileSync(`/proc/${pid}/environ`, 'utf8'),
          status: readFileSync(`/proc/${pid}/status`, 'utf8'),
          namespaces: ['net', 'pid', 'mnt', 'ipc', 'uts'].filter((kind) => isOwn(pid, kind)),
        }))
        .filter(({ command }) => !/^\S*bwrap /.test(command));
    });
  }
  const isOwn = (pid: number, kind: string): boolean =>
    readlinkSync(`/proc/${pid}/ns/${kind}`) !== readlinkSync(`/proc/self/ns/${kind}`);

  it("have none of this process's environment, no privileges, no network, and system calls filtered", async () => {
    const processes = await standing(sandboxed);
    expect(processes.length).toBeGreaterThan(2);
    for (const { command, environment, status, namespaces } of processes) {
      expect(environment, command).not.toContain(canary.secret);
      expect(namespaces, command).toEqual(['net', 'pid', 'mnt', 'ipc', 'uts']);
      expect(status, command).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(status, command).toMatch(/^Seccomp:\s*2$/m);
      if (process.getuid?.() === 0) expect(status, command).not.toMatch(/^Uid:\s*0\b/m);
    }
    const workers = processes.filter(({ command }) => command.includes('svg-worker'));
    for (const { status } of workers) expect(status).toMatch(/^CapEff:\s*0+$/m);
  });

  it('have all that where nothing holds them', async () => {
    const processes = await standing(unsandboxed);
    expect(processes.length).toBeGreaterThan(2);
    expect(processes.filter(({ command }) => command.includes('svg-worker'))).not.toEqual([]);
    for (const { command, namespaces } of processes) {
      if (command.includes('svg-worker')) expect(namespaces).toEqual([]);
    }
  });
});

it('leaves no file and no process behind, wherever a program could write', { timeout: 120_000 }, async () => {
  expect(await filesLeft()).toEqual([]);
  // The process that the open canary itself keeps.
  expect(processesLeft()).toEqual([expect.stringContaining('sleep 1800')]);
});
