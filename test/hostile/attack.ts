import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import type { HostileProgram, HostileResult, LanguageSamples } from '@pentimento/render/languages';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isMagentaIn, setCanary, type Canary } from './canary.ts';
import { cohabitants, commandOf, descendants, untilGone } from './processes.ts';

const deadlineMs = 3000;
/** What a render may take over its deadline: about a second, and more on a machine that runs much else. */
const graceMs = 3000;
const size = { width: 300, height: 200 };
const nowhere = { port: 0, folder: '', socket: '', mark: '' };

/** RenderService with one slot, and a canary of their own, so that attacks side by side are told apart. */
interface Lane {
  canary: Canary;
  renderers: RenderService;
  programs: Record<string, HostileProgram>;
  temporaryFolder: string;
}

/**
 * Declares one test a program: it ends as it may and in time, nothing of the canary is reached, and what the same slot draws next
 * is right. In the end no process and no file is left. Two attacks run side by side.
 */
export function attackEach(language: Language, samples: LanguageSamples): void {
  const lanes: Lane[] = [];
  const waiting: ((lane: Lane) => void)[] = [];
  let available = false;
  let expected: string;
  let standing: number;

  beforeAll(async () => {
    for (const lane of await Promise.all([openLane(samples), openLane(samples)])) lanes.push(lane);
    const [states] = await Promise.all(lanes.map((lane) => lane.renderers.states()));
    available = states!.find((state) => state.language === language)!.available;
    if (!available) return;
    const drawn = await Promise.all(lanes.map((lane) => drawControl(lane, language, samples)));
    expected = drawn[0]!;
    expect(drawn).toEqual([expect.stringMatching(/^PNG /), expected]);
    standing = descendants().length;
  });

  afterAll(async () => {
    if (available) await expectAtRest(lanes, standing, (lane) => drawControl(lane, language, samples));
    const inhabitants = cohabitants(descendants());
    await Promise.all(lanes.map((lane) => lane.renderers.close()));
    const isLiving = (pid: number): boolean => commandOf(pid) !== 'gone';
    const left = await untilGone(() => [...descendants(), ...inhabitants.filter(isLiving)], 2000);
    expect(left.map(commandOf)).toEqual([]);
    for (const lane of lanes) {
      expect(lane.canary.traces()).toEqual([]);
      expect(readdirSync(lane.temporaryFolder)).toEqual([]);
      rmSync(lane.temporaryFolder, { recursive: true });
      await lane.canary.close();
    }
  });

  const take = (): Promise<Lane> =>
    new Promise((resolve) => {
      const lane = lanes.shift();
      if (lane) resolve(lane);
      else waiting.push(resolve);
    });
  const give = (lane: Lane): void => {
    const next = waiting.shift();
    if (next) next(lane);
    else lanes.push(lane);
  };

  it.concurrent.for(Object.keys(samples.hostile(nowhere)))('%s', async (name, { skip }) => {
    skip(!available, `${language} cannot be drawn on this machine`);
    const lane = await take();
    try {
      await attack(lane, language, lane.programs[name]!);
      expect(await drawControl(lane, language, samples)).toBe(expected);
    } finally {
      give(lane);
    }
  });
}

async function openLane({ hostile }: LanguageSamples): Promise<Lane> {
  const canary = await setCanary();
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'pentimento-hostile-'));
  chmodSync(temporaryFolder, 0o755);
  const renderers = createRenderService({ concurrency: 1, deadlineMs, cacheBytes: 0, temporaryFolder });
  return { canary, renderers, programs: hostile(canary), temporaryFolder };
}

async function attack(lane: Lane, language: Language, [results, code, then]: HostileProgram): Promise<void> {
  const hitsBefore = lane.canary.hits();
  const result = await draw(lane, language, code);
  const said = JSON.stringify({ ...result, image: undefined });
  expect(
    [results].flat().some((expected) => endsAs(result, expected)),
    said,
  ).toBe(true);
  expect(result.ms).toBeLessThan(deadlineMs + graceMs);
  await expectNothingReached(lane, result);
  if (then !== undefined) await expectNothingReached(lane, await draw(lane, language, then));
  expect(lane.canary.hits()).toBe(hitsBefore);
}

async function expectNothingReached({ canary }: Lane, result: RenderResult): Promise<void> {
  const said = JSON.stringify({ ...result, image: undefined });
  expect(said).not.toContain(canary.secret);
  expect(said).not.toContain('ESCAPED');
  if (result.status === 'ok') expect(await isMagentaIn(result.image)).toBe(false);
}

function endsAs(result: RenderResult, expected: HostileResult): boolean {
  if (result.status === 'ok') return expected === 'ok' || expected === 'any';
  if (result.kind === 'unavailable') return false;
  return expected === 'any' || expected === 'failed' || result.kind === expected;
}

const draw = ({ renderers }: Lane, language: Language, code: string): Promise<RenderResult> =>
  renderers.render({ language, code, size, trusted: false }, new AbortController().signal);

/** On a machine that runs much else a render may be late: it has three tries to be in time, and none to be wrong. */
async function drawControl(lane: Lane, language: Language, samples: LanguageSamples, tries = 3): Promise<string> {
  const result = await draw(lane, language, samples.control);
  if (result.status === 'ok') return `PNG ${Buffer.from(result.image).toString('base64')}`;
  return result.kind === 'timeout' && tries > 1 ? drawControl(lane, language, samples, tries - 1) : result.message;
}

/** No more processes than stood when the first control programs had been drawn; Chromium may keep one to spare. */
async function expectAtRest(lanes: Lane[], standing: number, drawOnce: (lane: Lane) => Promise<string>): Promise<void> {
  await Promise.all(lanes.map(drawOnce));
  const surplus = await untilGone(() => descendants().slice(standing + lanes.length), 3000);
  expect(surplus.length > 0 ? descendants().map(commandOf) : []).toEqual([]);
}
