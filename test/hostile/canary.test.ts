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

/** Programs that reach something if no sandbox confines them. */
const reachingPrograms = (
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

const noAbort = new AbortController().signal;
const size = { width: 300, height: 200 };
const sandboxed: RenderServiceOptions = {};
const unsandboxed: RenderServiceOptions = { bubblewrap: null, allowUnsandboxed: true };
const canWriteToMachine = process.getuid?.() === 0;

async function withRenderService<T>(
  options: RenderServiceOptions,
  work: (renderService: RenderService) => Promise<T>,
): Promise<T> {
  const renderService = createRenderService({ concurrency: 1, cacheBytes: 0, ...options });
  try {
    return await work(renderService);
  } finally {
    await renderService.close();
  }
}

const render = (renderService: RenderService, language: Language, code: string): Promise<RenderResult> =>
  renderService.render({ language, code, size, trusted: false }, noAbort);

async function available(language: Language): Promise<boolean> {
  const states = await withRenderService({}, (renderService) => renderService.states([language]));
  return states[0]!.available;
}

describe(
  'a hostile program is noticed when no sandbox confines it, and reaches nothing when one does',
  { timeout: 150_000 },
  () => {
    it.for(reachingPrograms)('$language: $name', async ({ language, name, network }, { skip }) => {
      skip(!bubblewrap, 'bubblewrap is not installed');
      skip(!(await available(language)), `${language} cannot be rendered on this machine`);
      expect(JSON.parse(await runBehindOuterWall('unsandboxed.ts', [language, name], network))).toBe(true);
      expect(await fires(sandboxed, language, name)).toBe(false);
    });

    it('does not run a hostile program that could write to the machine', { skip: !canWriteToMachine }, async () => {
      const program = fileURLToPath(new URL('unsandboxed.ts', import.meta.url));
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'python', 'files written everywhere'], {
        encoding: 'utf8',
      });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('run it behind the outer wall');
    });
  },
);

describe.skipIf(!bubblewrap)('the outer wall', () => {
  it('keeps the files, processes and network of the machine out of reach', async () => {
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
  it('is found in an image that shows its color', async () => {
    const code = '<svg width="50" height="50"><rect width="9" height="9" fill="magenta"/></svg>';
    const result = await withRenderService({}, (renderService) => render(renderService, 'svg', code));
    expect(result.status === 'ok' && (await isMagentaIn(result.image))).toBe(true);
  });

  it('is found in an image that shows its secret as text', async () => {
    const code = `<!DOCTYPE svg [<!ENTITY x "${canary.secret}">]><svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">
      <text x="-200" y="99" font-size="40" fill="magenta">&x;</text></svg>`;
    const result = await withRenderService({}, (renderService) => render(renderService, 'svg', code));
    expect(result.status === 'ok' && (await isMagentaIn(result.image))).toBe(true);
  });
});

describe('the processes of all renderers', () => {
  /** What the kernel says about each process that is ready to render, except bubblewrap itself. */
  async function readyProcesses(options: RenderServiceOptions) {
    return withRenderService(options, async (renderService) => {
      await renderService.states();
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
    const processes = await readyProcesses(sandboxed);
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

  it('share the namespaces of this process when no sandbox is used', async () => {
    const processes = await readyProcesses(unsandboxed);
    expect(processes.length).toBeGreaterThan(2);
    expect(processes.filter(({ command }) => command.includes('svg-worker'))).not.toEqual([]);
    for (const { command, namespaces } of processes) {
      if (command.includes('svg-worker')) expect(namespaces).toEqual([]);
    }
  });
});

it('no file and no process of a hostile program is left, wherever it could write', { timeout: 120_000 }, async () => {
  expect(await filesLeft()).toEqual([]);
  // The bystander of the canary, which is still open.
  expect(processesLeft()).toEqual([expect.stringContaining('sleep 1800')]);
});
