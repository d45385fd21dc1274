import { readFileSync } from 'node:fs';
import { createRenderers, type Renderers, type RenderersOptions } from '@pentimento/render';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants, isMagentaIn, setCanary, type Canary } from './canary.ts';

let canary: Canary;
beforeAll(async () => {
  canary = await setCanary();
});
afterAll(() => canary.close());

const never = new AbortController().signal;
const size = { width: 300, height: 200 };

async function withRenderers<T>(options: RenderersOptions, work: (renderers: Renderers) => Promise<T>): Promise<T> {
  const renderers = createRenderers({ slots: 1, cacheBytes: 0, ...options });
  try {
    return await work(renderers);
  } finally {
    await renderers.close();
  }
}

const phoneHome = (): string => `<h1>hello</h1><script>new WebSocket('ws://127.0.0.1:${canary.port}/')</script>`;

describe('the canary', () => {
  it('is hit by the same page once nothing holds it', async () => {
    const before = canary.hits();
    await withRenderers({}, (renderers) =>
      renderers.render({ language: 'html', code: phoneHome(), size, trusted: false }, never),
    );
    expect(canary.hits()).toBe(before);
    await withRenderers({ bubblewrap: null, allowUnsandboxed: true }, async (renderers) => {
      const result = await renderers.render({ language: 'html', code: phoneHome(), size, trusted: false }, never);
      expect(result.status).toBe('ok');
    });
    expect(canary.hits()).toBeGreaterThan(before);
  });

  it('is seen in a picture that shows its colour', async () => {
    const code = '<svg width="50" height="50"><rect width="9" height="9" fill="magenta"/></svg>';
    const result = await withRenderers({}, (renderers) =>
      renderers.render({ language: 'svg', code, size, trusted: false }, never),
    );
    expect(result.status === 'ok' && (await isMagentaIn(result.image))).toBe(true);
  });

  it('is seen where a drawing spells the secret out', async () => {
    const code = `<!DOCTYPE svg [<!ENTITY x "${canary.secret}">]><svg xmlns="http://www.w3.org/2000/svg" width="200" height="200">
      <text x="-200" y="99" font-size="40" fill="magenta">&x;</text></svg>`;
    const result = await withRenderers({}, (renderers) =>
      renderers.render({ language: 'svg', code, size, trusted: false }, never),
    );
    expect(result.status === 'ok' && (await isMagentaIn(result.image))).toBe(true);
  });
});

describe('a program in the sandbox', () => {
  it("has none of this process's environment, no privileges, and system calls filtered", async () => {
    await withRenderers({}, async (renderers) => {
      await renderers.states();
      const processes = descendants().map((pid) => ({
        environment: readFileSync(`/proc/${pid}/environ`, 'utf8'),
        status: readFileSync(`/proc/${pid}/status`, 'utf8'),
        command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' '),
      }));
      const programs = processes.filter(
        ({ command }) => /svg-worker|chromium-headless-shell/.test(command) && !/bwrap/.test(command),
      );
      expect(programs.length).toBeGreaterThan(2);
      for (const { environment } of processes) expect(environment).not.toContain(canary.secret);
      for (const { status } of programs) {
        expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
        expect(status).toMatch(/^Seccomp:\s*2$/m);
      }
      const workers = programs.filter(({ command }) => command.includes('svg-worker'));
      for (const { status } of workers) expect(status).toMatch(/^CapEff:\s*0+$/m);
      if (process.getuid?.() === 0) for (const { status } of workers) expect(status).not.toMatch(/^Uid:\s*0\b/m);
    });
  });
});
