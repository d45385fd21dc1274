/**
 * What the reward saves over refinements of six iterations, what a score costs, how responsive the event loop stays, and how much
 * time and memory models need: node bench/reward.ts [small]
 *
 * Each way scores the same renders of the same targets in turn, so that both see the same load on the machine: "published"
 * decodes, crops and encodes target and render each time, "reused" is the reward as a job uses it, with all its terms except
 * windows, which the published way does not have, the same encoder and one thread. Both are warmed up with other images, as in a
 * long-running process. Processor time depends less on what else runs. The sequences are the examples' own codes, improved step by
 * step, one per example, so that no target is known before its job. With `small` only fast languages are rendered and the largest
 * network is ViT-S.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { loadEncoder, tileSimilarity } from '../libs/encoder/src/index.ts';
import { createReward, type Reward } from '../libs/reward/src/index.ts';
import { EncoderSession } from '../libs/encoder/src/inference/session.ts';
import { decodeImage } from '../libs/imaging/src/decode.ts';
import { resizeBicubic } from '../libs/imaging/src/resize/resample.ts';
import { tilesOf } from '../libs/imaging/src/tiles/tiling.ts';
import { writeDinov2Folder } from '../libs/encoder/src/testing/dinov2-folder.ts';
import { refinements, type Refinement } from './refinements.ts';
import { testImage } from './test-image.ts';

const iterations = 6;
const noAbort = new AbortController().signal;
const networks = {
  'ViT-S': { dim: 384, heads: 6, blocks: 12 },
  'ViT-B': { dim: 768, heads: 12, blocks: 12 },
  'ViT-L': { dim: 1024, heads: 16, blocks: 24 },
};
/** Published passes of a sequence at most, where a pass of the network takes so long. */
const passLimits: Partial<Record<string, number>> = { 'ViT-B': 0, 'ViT-L': 12 };

if (process.argv[2] === 'memory') await printMemory(process.argv[3]);
else await printAll(process.argv[2] === 'small');

async function printAll(small: boolean): Promise<void> {
  console.log(`load ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors`);
  const refinementSets = await refinements(iterations, [1, 2], small ? ['svg', 'python'] : undefined);
  const sequences = [...new Map(refinementSets.map((sequence) => [sequence.example, sequence])).values()];
  await printRefinements('analytic', undefined, sequences);
  await printTimings();
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-bench-'));
  try {
    await printNetworks(folder, small, sequences);
  } finally {
    await rm(folder, { recursive: true });
  }
  console.log(`load ${loadavg()[0]!.toFixed(1)}`);
}

interface Run {
  passes: number;
  ms: number;
  processorMs: number;
}

async function printRefinements(
  name: string,
  encoder: string | undefined,
  sequences: readonly Refinement[],
): Promise<void> {
  console.log(
    `\n${name}: ${iterations} iterations, the last one exact: encoder passes, ms, and ms of processor time, each way`,
  );
  const session = await EncoderSession.open({ ...(await loadEncoder(encoder)), threads: 1 });
  const others = await warmUps(encoder === undefined ? 24 : 1);
  const totals: Run[] = [zero(), zero()];
  const reward = createReward({ encoder, threads: 1, windows: 'never' });
  for (const other of others) {
    await published(session, other);
    await reused(reward, other);
  }
  for (const sequence of sequences) {
    const runs = [await published(session, sequence), await reused(reward, sequence)];
    runs.forEach((run, index) => add(totals[index]!, run));
    console.log(line(sequence.name, runs));
  }
  console.log(line('all', totals));
  await Promise.all([session.close(), reward.close()]);
}

/** Other images, so that code is compiled and memory is allocated. */
function warmUps(count: number): Promise<Pick<Refinement, 'target' | 'renders'>[]> {
  const side = count === 1 ? 48 : 448;
  return Promise.all(
    Array.from({ length: count }, async (_, index) => ({
      target: await testImage(side, side, 100 + index),
      renders: [await testImage(side, side, 200 + index)],
    })),
  );
}

function line(name: string, [each, single]: readonly Run[]): string {
  const ratio = (part: keyof Run) => (each![part] / single![part]).toFixed(1);
  return (
    `${name.padEnd(16)} published ${text(each!)}; reused ${text(single!)}; fewer passes ${ratio('passes')}x,` +
    ` less time ${ratio('ms')}x, less processor time ${ratio('processorMs')}x`
  );
}

function text({ passes, ms, processorMs }: Run): string {
  return `${passes}, ${ms.toFixed(0)}, ${processorMs.toFixed(0)}`;
}

function zero(): Run {
  return { passes: 0, ms: 0, processorMs: 0 };
}

function add(total: Run, run: Run): void {
  for (const part of ['passes', 'ms', 'processorMs'] as const) total[part] += run[part];
}

/** Target and render are cut and encoded each time. */
function published(session: EncoderSession, { target, renders }: Pick<Refinement, 'target' | 'renders'>): Promise<Run> {
  return measured(async () => {
    let passes = 0;
    for (const render of renders) {
      const wanted = await decodeImage(target, 'target');
      const got = resizeBicubic(await decodeImage(render, 'render'), wanted);
      const [ours, theirs] = [tilesOf(wanted), tilesOf(got)];
      for (const [index, tile] of ours.entries()) {
        const [a, b] = [await session.encode(tile.pixels), await session.encode(theirs[index]!.pixels)];
        tileSimilarity(a.vector, b.vector);
        passes += 2;
      }
    }
    return passes;
  });
}

function reused(reward: Reward, { target, renders }: Pick<Refinement, 'target' | 'renders'>): Promise<Run> {
  return measured(async () => {
    const before = reward.counters().inferences;
    for (const render of renders) await reward.score({ target, render, alignment: 1 }, noAbort);
    return reward.counters().inferences - before;
  });
}

async function measured(work: () => Promise<number>): Promise<Run> {
  const [started, processor] = [performance.now(), process.cpuUsage()];
  const passes = await work();
  const { user, system } = process.cpuUsage(processor);
  return { passes, ms: performance.now() - started, processorMs: (user + system) / 1000 };
}

async function printTimings(): Promise<void> {
  console.log('\nms a score: cold is the first of a target, warm has the target, again has the render too');
  for (const [width, height] of [
    [640, 480],
    [1200, 3731],
    [48, 48],
  ] as const) {
    const reward = createReward();
    await score(reward, await testImage(64, 48, 0), await testImage(64, 48, 1));
    const target = await testImage(width, height, 0);
    const renders = await Promise.all([1, 2, 3, 4, 5].map((variant) => testImage(width, height, variant)));
    const cold = await score(reward, target, renders[0]!);
    const warm: number[] = [];
    const again: number[] = [];
    for (const render of renders.slice(1)) warm.push(await score(reward, target, render));
    for (const render of renders.slice(1)) again.push(await score(reward, target, render));
    await reward.close();
    const figures = [cold, median(warm), median(again)].map((ms) => ms.toFixed(0));
    console.log(`${`${width} x ${height}`.padEnd(14)} cold ${figures[0]}, warm ${figures[1]}, again ${figures[2]}`);
  }
}

async function score(reward: Reward, target: Uint8Array, render: Uint8Array): Promise<number> {
  const started = performance.now();
  await reward.score({ target, render, alignment: 1 }, noAbort);
  return performance.now() - started;
}

/** Random weights of DINOv2's shapes: speed and memory are those of the real ones. */
async function printNetworks(folder: string, small: boolean, sequences: readonly Refinement[]): Promise<void> {
  console.log('\nMiB of a process that scored with a model and of its file, and ms a tile with 1 and 2 threads');
  console.log(await modelLine('analytic', undefined));
  let lastFolder = '';
  const made: [name: string, path: string][] = [];
  for (const [name, shape] of Object.entries(networks)) {
    if (small && name !== 'ViT-S') continue;
    lastFolder = await writeDinov2Folder(join(folder, name), shape);
    made.push([name, lastFolder]);
    console.log(await modelLine(name, lastFolder));
  }
  await printLoopDelay(lastFolder);
  for (const [name, path] of made) {
    const chosen = await ofPasses(sequences, passLimits[name] ?? Infinity);
    if (chosen.length > 0) await printRefinements(name, path, chosen);
  }
}

async function modelLine(name: string, encoder: string | undefined): Promise<string> {
  const args = [import.meta.filename, 'memory', ...(encoder === undefined ? [] : [encoder])];
  const memory = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const times = [await msATile(encoder, 1), await msATile(encoder, 2)];
  return `${name.padEnd(14)} ${memory}; ${times.map((ms) => ms.toFixed(ms < 100 ? 1 : 0)).join(', ')}`;
}

async function msATile(encoder: string | undefined, threads: number): Promise<number> {
  const session = await EncoderSession.open({ ...(await loadEncoder(encoder)), threads });
  const tile = new Uint8Array(448 * 448 * 3).fill(120);
  let fastest = Infinity;
  for (let time = 0; time < 3; time++) {
    const started = performance.now();
    await session.encode(tile);
    fastest = Math.min(fastest, performance.now() - started);
  }
  await session.close();
  return fastest;
}

/** The first sequences of so few passes, one where there is a bound. */
async function ofPasses(sequences: readonly Refinement[], maxPasses: number): Promise<readonly Refinement[]> {
  if (maxPasses === Infinity) return sequences;
  const passes = await Promise.all(
    sequences.map(async ({ target }) => 2 * iterations * tilesOf(await decodeImage(target, 'target')).length),
  );
  return sequences.filter((_, index) => passes[index]! <= maxPasses).slice(0, 1);
}

async function printMemory(encoder?: string): Promise<void> {
  const reward = createReward({ encoder });
  await score(reward, await testImage(48, 48, 0), await testImage(48, 48, 1));
  const { modelBytes } = await loadEncoder(encoder);
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  process.stdout.write(`${mebibytes(process.memoryUsage.rss())}, ${mebibytes(modelBytes)}`);
  await reward.close();
}

/** Of the main thread, while tiles of two jobs are encoded. */
async function printLoopDelay(encoder: string): Promise<void> {
  const reward = createReward({ encoder });
  await score(reward, await testImage(48, 48, 0), await testImage(48, 48, 1));
  const [targets, renders] = await Promise.all(
    [2, 3].map((from) => Promise.all([from, from + 2].map((variant) => testImage(640, 320, variant)))),
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await Promise.all(
    targets!.map((target, job) =>
      reward.score({ target, render: renders![job]!, alignment: 1, job: `${job}` }, noAbort),
    ),
  );
  delay.disable();
  const [maxPasses, usual] = [delay.max, delay.percentile(99)].map((nanoseconds) => (nanoseconds / 1e6).toFixed(1));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { inferences } = reward.counters();
  console.log(
    `\nevent-loop delay with it: at most ${maxPasses} ms, 99 % under ${usual} ms, in ${seconds} s and ${inferences} passes`,
  );
  await reward.close();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
