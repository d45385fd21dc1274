import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import {
  languages,
  type HostileProgram,
  type LanguageDefinition,
  type LanguageSamples,
} from '@pentimento/render/languages';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breachesIn, busyGraceMs, describeResult, graceMs, showsItsAttack } from './assess.ts';
import { setCanary, type Canary } from './canary.ts';
import { MemoryGauge } from './memory-gauge.ts';
import { cohabitants, commandOf, descendants, untilGone } from './processes.ts';

/** By how a program ends: one that must end by itself has time even on a machine that runs much else. */
const deadlines = { byItself: 20_000, byDeadline: 800 };
const testTimeoutMs = 180_000;
/** A program that ends late, or is stopped before its attack, is tried again with more time: the machine may have been busy. */
const maxTries = 3;
/** What all processes of one program may have together, MiB: about what its limits leave it, and one interval of the gauge. */
const memoryBounds: Record<string, number> = { html: 2560, mermaid: 2560, svg: 2560 };
const defaultMemoryBound = 1792;
const size = { width: 300, height: 200 };
/** Targets for listing the programs, which have the same names whatever they attack. */
const noTargets = { port: 0, folder: '', socket: '', mark: '' };

/** A render service that renders one program at a time, with a canary of its own: attacks in two slots can be told apart. */
interface AttackSlot {
  canary: Canary;
  renderService: RenderService;
  programs: Record<string, HostileProgram>;
  temporaryFolder: string;
  /** Of the next render. */
  deadlineMs: number;
}

/**
 * Declares one test per program: it reaches its attack, ends in time and as it may, gets at nothing of the canary, and what the same
 * slot renders next is right. In the end no process and no file is left. Two attacks run at a time.
 */
export function attackEach(language: Language, samples: LanguageSamples): void {
  const slots: AttackSlot[] = [];
  const waiting: ((slot: AttackSlot) => void)[] = [];
  let available = false;
  let expectedControl: string;
  let idleProcesses: number;
  let gauge: MemoryGauge;

  beforeAll(async () => {
    for (const slot of await Promise.all([openSlot(samples), openSlot(samples)])) slots.push(slot);
    const [states] = await Promise.all(slots.map((slot) => slot.renderService.states()));
    available = states!.find((state) => state.language === language)!.available;
    if (!available) return;
    const controls = await Promise.all(slots.map((slot) => renderControl(slot, language, samples)));
    expectedControl = controls[0]!;
    expect(controls).toEqual([expect.stringMatching(/^PNG /), expectedControl]);
    idleProcesses = descendants().length;
    gauge = new MemoryGauge(memoryBounds[language] ?? defaultMemoryBound);
  });

  afterAll(async () => {
    gauge?.stop();
    const inhabitants = cohabitants(descendants());
    try {
      if (available) await expectIdle(slots, idleProcesses, (slot) => renderControl(slot, language, samples));
    } finally {
      await Promise.all(slots.map((slot) => slot.renderService.close()));
    }
    const isLiving = (pid: number): boolean => commandOf(pid) !== 'gone';
    const left = await untilGone(() => [...descendants(), ...inhabitants.filter(isLiving)], 2000);
    expect(left.map(commandOf)).toEqual([]);
    for (const slot of slots) {
      expect(slot.canary.traces()).toEqual([]);
      expect(readdirSync(slot.temporaryFolder)).toEqual([]);
      rmSync(slot.temporaryFolder, { recursive: true });
      await slot.canary.close();
    }
  });

  const takeSlot = (): Promise<AttackSlot> =>
    new Promise((resolve) => {
      const slot = slots.shift();
      if (slot) resolve(slot);
      else waiting.push(resolve);
    });
  const returnSlot = (slot: AttackSlot): void => {
    const next = waiting.shift();
    if (next) next(slot);
    else slots.push(slot);
  };

  it('an innocent image shows no evidence of an attack', async ({ skip }) => {
    skip(!available, `${language} cannot be rendered on this machine`);
    const [slot] = slots as [AttackSlot];
    const innocent = await render(slot, language, samples.control);
    const names = Object.keys(slot.programs);
    const shown = await Promise.all(names.map((name) => showsItsAttack(innocent, slot.programs[name]!)));
    expect(names.filter((_, index) => shown[index])).toEqual([]);
  });

  it.concurrent.for(Object.keys(samples.hostile(noTargets)))(
    '%s',
    { timeout: testTimeoutMs },
    async (name, { skip }) => {
      skip(!available, `${language} cannot be rendered on this machine`);
      const slot = await takeSlot();
      try {
        await attack(slot, language, slot.programs[name]!);
        expect(gauge.takeExcess()).toBeUndefined();
        expect(await renderControl(slot, language, samples)).toBe(expectedControl);
      } finally {
        returnSlot(slot);
      }
    },
  );
}

async function openSlot({ hostile }: LanguageSamples): Promise<AttackSlot> {
  const canary = await setCanary();
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'pentimento-hostile-'));
  chmodSync(temporaryFolder, 0o755);
  const renderService = createRenderService({
    concurrency: 1,
    cacheBytes: 0,
    temporaryFolder,
    languages: languages.map((language) => withDeadline(language, () => slot.deadlineMs)),
  });
  const slot = {
    canary,
    renderService,
    programs: hostile(canary),
    temporaryFolder,
    deadlineMs: deadlines.byItself,
  };
  return slot;
}

/** The language with a deadline that is set for each render. */
const withDeadline = (
  { id, loadRenderer }: LanguageDefinition,
  deadlineMs: () => number,
): Pick<LanguageDefinition, 'id' | 'loadRenderer'> => ({
  id,
  async loadRenderer() {
    const { createRenderer } = await loadRenderer();
    return {
      createRenderer(context) {
        const renderer = createRenderer(context);
        return {
          status: () => renderer.status(),
          render: (code, options, signal) => renderer.render(code, { ...options, deadlineMs: deadlineMs() }, signal),
        };
      },
    };
  },
});

async function attack(slot: AttackSlot, language: Language, program: HostileProgram): Promise<void> {
  const hitsBefore = slot.canary.hits();
  const { rehearsal, next } = program;
  // A program that is stopped has at least twice the time that its attack took to be reached.
  const reachMs = rehearsal ? 2 * (await expectHarmless(slot, language, rehearsal)) : 0;
  await expectHarmless(slot, language, program, reachMs);
  if (next) await expectHarmless(slot, language, next);
  expect(slot.canary.hits()).toBe(hitsBefore);
}

/** @returns how long it took, ms. */
async function expectHarmless(
  slot: AttackSlot,
  language: Language,
  program: HostileProgram,
  reachMs = 0,
): Promise<number> {
  const result = await renderInTime(slot, language, program, reachMs);
  const description = describeResult(result);
  expect(await showsItsAttack(result, program), `The attack was not reached, or ended otherwise: ${description}`).toBe(
    true,
  );
  expect(await breachesIn(result, slot.canary), description).toEqual([]);
  return result.ms;
}

/** The result of a render that ends within its deadline and its grace, and reaches its attack: at the latest on the last try. */
async function renderInTime(
  slot: AttackSlot,
  language: Language,
  program: HostileProgram,
  reachMs: number,
): Promise<RenderResult> {
  for (let tries = 1; ; tries++) {
    const deadlineMs = program.endings.timeout
      ? Math.max(deadlines.byDeadline, reachMs) * 2 ** (tries - 1)
      : deadlines.byItself;
    // A process that still starts would take time that is not the program's.
    await slot.renderService.states([language]);
    slot.deadlineMs = deadlineMs;
    const result = await render(slot, language, program.code);
    slot.deadlineMs = deadlines.byItself;
    expect(result.ms).toBeLessThan(deadlineMs + busyGraceMs);
    const isLate = result.ms >= deadlineMs + graceMs;
    const isEarly = program.endings.timeout !== undefined && !(await showsItsAttack(result, program));
    if (tries === maxTries) expect(isLate, 'It ended late.').toBe(false);
    if (tries === maxTries || !(isLate || isEarly)) return result;
  }
}

const render = ({ renderService }: AttackSlot, language: Language, code: string): Promise<RenderResult> =>
  renderService.render({ language, code, size, trusted: false }, new AbortController().signal);

async function renderControl(slot: AttackSlot, language: Language, { control }: LanguageSamples): Promise<string> {
  const result = await render(slot, language, control);
  return result.status === 'ok' ? `PNG ${Buffer.from(result.image).toString('base64')}` : result.message;
}

/**
 * What a slot may start late and keep: a spare process of Chromium, a reader of long code (bubblewrap twice, Node), and a TeX that waits
 * for a document (bubblewrap twice, a shell, TeX).
 */
const maxLateProcesses = 8;

/** How long TeX formats that are still being made may take: one a slot, one after the other, 15 s each. */
const settleMs = 60_000;

/** No more processes than after the first control programs, and those that start late. */
async function expectIdle(
  slots: AttackSlot[],
  idleProcesses: number,
  renderOnce: (slot: AttackSlot) => Promise<string>,
): Promise<void> {
  await Promise.all(slots.map(renderOnce));
  const surplus = await untilGone(() => descendants().slice(idleProcesses + maxLateProcesses * slots.length), settleMs);
  expect(surplus.length > 0 ? descendants().map(commandOf) : []).toEqual([]);
}
