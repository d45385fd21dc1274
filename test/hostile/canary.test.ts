import { readFileSync, readlinkSync } from 'node:fs';
import type { Language } from './languages.ts';
import type { RenderResult } from '@pentimento/contracts';
import { createRenderers, type Renderers, type RenderersOptions } from '@pentimento/render';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostilePrograms } from './all-programs.ts';
import { isMagentaIn, setCanary, type Canary } from './canary.ts';
import { commandOf, descendants } from './processes.ts';

let canary: Canary;
beforeAll(async () => {
  canary = await setCanary();
});
afterAll(() => canary.close());

const never = new AbortController().signal;
const size = { width: 300, height: 200 };
const sandboxed: RenderersOptions = {};
const unsandboxed: RenderersOptions = { bubblewrap: null, allowUnsandboxed: true };

async function withRenderers<T>(options: RenderersOptions, work: (renderers: Renderers) => Promise<T>): Promise<T> {
  const renderers = createRenderers({ slots: 1, cacheBytes: 0, ...options });
  try {
    return await work(renderers);
  } finally {
    await renderers.close();
  }
}

const draw = (renderers: Renderers, language: Language, code: string): Promise<RenderResult> =>
  renderers.render({ language, code, size, trusted: false }, never);

/** Whether the canary shows that the program got at anything. A canary of its own, for traces stay. */
async function fires(options: RenderersOptions, language: Language, name: string): Promise<boolean> {
  const own = await setCanary();
  try {
    const [, code] = hostilePrograms[language](own)[name]!;
    const result = await withRenderers(options, (renderers) => draw(renderers, language, code));
    const said = JSON.stringify({ ...result, image: undefined });
    const isSeen = result.status === 'ok' && (await isMagentaIn(result.image));
    return own.hits() > 0 || own.traces().length > 0 || said.includes('ESCAPED') || said.includes(own.secret) || isSeen;
  } finally {
    await own.close();
  }
}

async function available(language: Language): Promise<boolean> {
  const states = await withRenderers({}, (renderers) => renderers.states());
  return states.find((state) => state.language === language)!.available;
}

describe('the suite fails once nothing holds the programs', () => {
  it.for<[Language, string]>([
    ['html', 'a web socket'],
    ['html', 'WebRTC'],
    ['python', "the host's files"],
    // Root without its capabilities may not read another process's environment, sandbox or not.
    ...(process.getuid?.() === 0 ? [] : [['python', 'the environment of others'] as [Language, string]]),
    ['python', 'files written everywhere'],
    ['latex', 'Lua: a file read'],
    ['latex', 'Lua: files written and removed'],
  ])('%s: %s', async ([language, name], { skip }) => {
    skip(!(await available(language)), `${language} cannot be drawn on this machine`);
    expect(await fires(unsandboxed, language, name)).toBe(true);
    expect(await fires(sandboxed, language, name)).toBe(false);
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
  async function standing(options: RenderersOptions) {
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
