import { createRenderers, type Renderers } from '@pentimento/render';
import type { RenderRequest, RenderResult } from '@pentimento/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMagentaIn, setCanary, type Canary } from './canary.ts';
import type { Ending, Programs } from './html-programs.ts';

const deadlineMs = 1500;
/** For ending the process tree on a busy machine. What no deadline ends runs into the test's own timeout. */
const graceMs = 5000;
const size = { width: 300, height: 200 };

/** Innocent programs, one an engine, that must come out the same after every attack. */
const innocent: Pick<RenderRequest, 'language' | 'code'>[] = [
  {
    language: 'html',
    code: '<h1 style="color:teal">Innocent</h1><script>document.body.append(Math.random())</script>',
  },
  {
    language: 'svg',
    code: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3" fill="teal"/></svg>',
  },
];

/**
 * Declares one test a program: it ends as it may and in time, nothing of the canary is reached, and what is drawn next is right.
 * The names are only listed here; the programs are made once the canary stands.
 */
export function attackEach(language: 'html' | 'svg', names: string[], make: (canary: Canary) => Programs): void {
  let canary: Canary;
  let renderers: Renderers;
  let programs: Programs;
  let expected: RenderResult[];
  const draw = (request: Pick<RenderRequest, 'language' | 'code'>): Promise<RenderResult> =>
    renderers.render({ ...request, size, trusted: false }, new AbortController().signal);
  const drawInnocent = async (): Promise<RenderResult[]> => [await draw(innocent[0]!), await draw(innocent[1]!)];

  beforeAll(async () => {
    canary = await setCanary();
    renderers = createRenderers({ slots: 1, deadlineMs, cacheBytes: 0 });
    programs = make(canary);
    expected = await drawInnocent();
    expect(expected.map((result) => result.status)).toEqual(['ok', 'ok']);
  });
  afterAll(async () => {
    await renderers.close();
    await canary.close();
  });

  it.each(names)('%s', async (name) => {
    const [ending, code] = programs[name]!;
    const hitsBefore = canary.hits();
    const startedAt = performance.now();
    const result = await draw({ language, code });
    const ms = performance.now() - startedAt;
    const after = await drawInnocent();

    expect(endings[ending](result), JSON.stringify(summary(result))).toBe(true);
    expect(ms).toBeLessThan(deadlineMs + graceMs);
    expect(canary.hits()).toBe(hitsBefore);
    expect(JSON.stringify(summary(result))).not.toContain(canary.secret);
    if (result.status === 'ok') expect(await isMagentaIn(result.image)).toBe(false);
    expect(after.map(pictureOf)).toEqual(expected.map(pictureOf));
  });
}

const endings: Record<Ending, (result: RenderResult) => boolean> = {
  any: () => true,
  ok: (result) => result.status === 'ok',
  timeout: (result) => result.status === 'failed' && result.kind === 'timeout',
  memory: (result) => result.status === 'failed' && result.kind === 'memory',
};

const pictureOf = (result: RenderResult): string =>
  result.status === 'ok' ? Buffer.from(result.image).toString('base64') : result.message;

function summary(result: RenderResult): object {
  return result.status === 'ok' ? { ...result, image: result.image.length } : result;
}
