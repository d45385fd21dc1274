import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language, RenderResult } from '@pentimento/contracts';
import { createRenderService, type RenderService } from '@pentimento/render';
import { languages, type LanguageSamples } from '@pentimento/render/languages';
import { breachesIn, describeResult, busyGraceMs } from './assess.ts';
import { setCanary, type Canary } from './canary.ts';
import { cohabitants, commandOf, descendants, residentBytes, untilGone } from './processes.ts';

export interface SoakOptions {
  renders: number;
  concurrency: number;
  deadlineMs: number;
  /** Called now and then with what has been measured. */
  onSample?: (sample: Sample) => void;
}

/** What was measured after so many renders. */
export interface Sample {
  renders: number;
  parentBytes: number;
  /** All processes below this one together. */
  treeBytes: number;
  processes: number;
  /** Open files of this process. */
  descriptors: number;
}

export interface SoakReport {
  languages: Language[];
  good: number;
  hostile: number;
  /** How the hostile ones ended, by kind. */
  endings: Record<string, number>;
  /** Good programs whose result was not that of the first time, with the result. */
  wrong: string[];
  /** Good programs that exceeded the deadline, as some do on a busy machine. */
  late: string[];
  /** Hostile programs that got at something, or exceeded their deadline by more than the grace. */
  breaches: string[];
  /** Time of one endless render in each slot at once, in deadlines: 2 or more where a slot is lost. */
  slotTime: number;
  /** Processes, files and traces that are left once everything is closed. */
  left: string[];
  samples: Sample[];
  seconds: number;
}

interface Work {
  language: Language;
  name: string;
  code: string;
  isHostile: boolean;
}

const size = { width: 200, height: 150 };
const samples = 40;

/** Renders good and hostile programs of all languages that this machine has, a tenth hostile, in a fixed order. */
export async function soak({ renders, concurrency, deadlineMs, onSample }: SoakOptions): Promise<SoakReport> {
  const canary = await setCanary();
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'pentimento-soak-'));
  chmodSync(temporaryFolder, 0o755);
  const renderService = createRenderService({ concurrency, deadlineMs, cacheBytes: 0, temporaryFolder });
  const sampled = await availableLanguages(renderService);
  const next = workOf(sampled, canary);
  const report: SoakReport = {
    ...{ languages: sampled.map(({ id }) => id), good: 0, hostile: 0, endings: {}, wrong: [], late: [], breaches: [] },
    ...{ slotTime: 0, left: [], samples: [], seconds: 0 },
  };
  const first = new Map<string, string>();
  const startedAt = performance.now();
  let begun = 0;
  let done = 0;

  const renderNext = async (): Promise<void> => {
    const work = next();
    const result = await render(renderService, work);
    if (work.isHostile) await recordHostile(report, work, result, canary, deadlineMs);
    else recordGood(report, work, result, first);
    if (++done % Math.ceil(renders / samples) === 0) {
      report.samples.push(sampleAfter(done));
      onSample?.(report.samples.at(-1)!);
    }
  };
  const worker = async (): Promise<void> => {
    while (begun++ < renders) await renderNext();
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  report.seconds = (performance.now() - startedAt) / 1000;
  report.slotTime = (await occupyEverySlot(renderService, concurrency)) / deadlineMs;
  report.left = await leftAfterClosing(renderService, temporaryFolder, canary);
  return report;
}

interface Sampled {
  id: Language;
  samples: LanguageSamples;
}

async function availableLanguages(renderService: RenderService): Promise<Sampled[]> {
  const available = new Set(
    (await renderService.states()).filter((state) => state.available).map((state) => state.language),
  );
  const here = languages.filter(({ id }) => available.has(id));
  return Promise.all(here.map(async ({ id, loadSamples }) => ({ id, ...(await loadSamples()) })));
}

const colors = ['teal', 'blue', 'olive', 'red', 'purple', 'gray'];

/** Small correct programs of a language, each of which always gives the same image. */
function goodPrograms({ control, variant }: LanguageSamples): { name: string; code: string }[] {
  return [
    { name: 'control', code: control },
    ...colors.map((color, index) => ({ name: color, code: variant(color, index) })),
  ];
}

/** Every tenth is hostile; languages and programs take turns. */
function workOf(sampled: readonly Sampled[], canary: Canary): () => Work {
  const order = sampled.flatMap((one) => Array<Sampled>(one.samples.turns ?? 1).fill(one));
  const turns = new Map<string, number>();
  let count = 0;
  const pick = <T>(name: string, from: T[]): T => {
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return from[turn % from.length]!;
  };
  return () => {
    const isHostile = count++ % 10 === 9;
    const { id: language, samples } = pick(`language ${isHostile}`, order);
    if (!isHostile) return { language, isHostile, ...pick(`good ${language}`, goodPrograms(samples)) };
    const [name, { code }] = pick(`hostile ${language}`, Object.entries(samples.hostile(canary)));
    return { language, isHostile, name, code };
  };
}

const render = (
  renderService: RenderService,
  { language, code }: Pick<Work, 'language' | 'code'>,
): Promise<RenderResult> =>
  renderService.render({ language, code, size, trusted: false }, new AbortController().signal);

function recordGood(
  report: SoakReport,
  { language, name }: Work,
  result: RenderResult,
  first: Map<string, string>,
): void {
  report.good++;
  const key = `${language}: ${name}`;
  const outcome =
    result.status === 'ok' ? Buffer.from(result.image).toString('base64') : `${result.kind}: ${result.message}`;
  const expected = first.get(key) ?? outcome;
  if (result.status === 'ok') first.set(key, expected);
  if (result.status !== 'ok' && result.kind === 'timeout') report.late.push(key);
  else if (result.status !== 'ok') report.wrong.push(`${key}: ${outcome}`);
  else if (outcome !== expected) report.wrong.push(`${key}: other bytes than the first time`);
}

async function recordHostile(
  report: SoakReport,
  { language, name }: Work,
  result: RenderResult,
  canary: Canary,
  deadlineMs: number,
): Promise<void> {
  report.hostile++;
  const ending = result.status === 'ok' ? 'ok' : result.kind;
  report.endings[ending] = (report.endings[ending] ?? 0) + 1;
  const breaches = await breachesIn(result, canary);
  if (breaches.length > 0) breaches.push(describeResult(result));
  if (canary.hits() > 0) breaches.push('the listener was reached by then');
  if (result.ms > deadlineMs + busyGraceMs) breaches.push(`it took ${Math.round(result.ms)} ms`);
  report.breaches.push(...breaches.map((breach) => `${language}: ${name}: ${breach}`));
}

function sampleAfter(renders: number): Sample {
  const tree = descendants();
  return {
    renders,
    parentBytes: process.memoryUsage.rss(),
    treeBytes: tree.reduce((sum, pid) => sum + residentBytes(pid), 0),
    processes: tree.length,
    descriptors: readdirSync('/proc/self/fd').length,
  };
}

/** Milliseconds that one endless render in each slot takes, all begun at once. */
async function occupyEverySlot(renderService: RenderService, concurrency: number): Promise<number> {
  const startedAt = performance.now();
  const endless = { language: 'html', code: '<script>for (;;);</script>' } as const;
  await Promise.all(Array.from({ length: concurrency }, () => render(renderService, endless)));
  return performance.now() - startedAt;
}

async function leftAfterClosing(
  renderService: RenderService,
  temporaryFolder: string,
  canary: Canary,
): Promise<string[]> {
  const inhabitants = cohabitants(descendants());
  await renderService.close();
  const isLiving = (pid: number): boolean => commandOf(pid) !== 'gone';
  const processes = await untilGone(() => [...descendants(), ...inhabitants.filter(isLiving)], 2000);
  const left = [...processes.map(commandOf), ...canary.traces(), ...readdirSync(temporaryFolder)];
  rmSync(temporaryFolder, { recursive: true });
  await canary.close();
  return left;
}

/** Bytes a thousand renders that a quantity grows by, fitted by least squares over the last four fifths of the samples. */
export function slope(all: readonly Sample[], of: (sample: Sample) => number): number {
  const fitted = all.slice(Math.floor(all.length / 5));
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(fitted.map((sample) => sample.renders));
  const y = mean(fitted.map(of));
  const covariance = mean(fitted.map((sample) => (sample.renders - x) * (of(sample) - y)));
  const variance = mean(fitted.map((sample) => (sample.renders - x) ** 2));
  return (covariance / variance) * 1000;
}

/** By how much the lowest number of processes grew from the second third of the samples to the last: 0 where none outlives its render. */
export function processGrowth(all: readonly Sample[]): number {
  const third = Math.floor(all.length / 3);
  const fewest = (part: readonly Sample[]): number => Math.min(...part.map((sample) => sample.processes));
  return fewest(all.slice(-third)) - fewest(all.slice(third, -third));
}
