/**
 * What the reward spares over refinements of six iterations, what a score costs, how free the event loop stays, and what models
 * need of memory: node bench/reward.ts [small]
 *
 * Each way scores the same renders of the same targets in turn, so that both see the same load on the machine: "published"
 * encodes every tile of target and render each time, "spared" is the reward as it is, with the same encoder at one thread a
 * session. Processor time does not depend on what else runs. The sequences are the examples' own codes, mended step by step.
 * With `small` the largest network is ViT-S.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { createReward, loadEncoder, tileSimilarity, type Reward } from '../libs/reward/src/index.ts';
import { EncoderSession } from '../libs/reward/src/encoder/session.ts';
import { decodeImage } from '../libs/reward/src/pixels/decode.ts';
import { resizeBicubic } from '../libs/reward/src/pixels/resample.ts';
import { tilesOf } from '../libs/reward/src/pixels/tiling.ts';
import { writeDinov2Folder } from '../libs/reward/src/testing/dinov2-folder.ts';
import { refinements, type Refinement } from './refinements.ts';

const iterations = 6;
/** Draws fast, so that the sequences are there soon. */
const quick = ['svg'] as const;
const never = new AbortController().signal;
const networks = {
  'ViT-S': { dim: 384, heads: 6, blocks: 12 },
  'ViT-B': { dim: 768, heads: 12, blocks: 12 },
  'ViT-L': { dim: 1024, heads: 16, blocks: 24 },
};

if (process.argv[2] === 'memory') await printMemory(process.argv[3]);
else await printAll(process.argv[2] === 'small');

async function printAll(small: boolean): Promise<void> {
  await printRefinements();
  await printTimings();
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-bench-'));
  try {
    await printNetworks(folder, small);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Run {
  passes: number;
  ms: number;
  processorMs: number;
}

async function printRefinements(): Promise<void> {
  console.log(`${iterations} iterations, the last one exact: encoder passes, ms, and ms of processor time`);
  const session = await EncoderSession.open({ ...(await loadEncoder()), threads: 1 });
  const reward = createReward({ windows: 'never', threads: 1 });
  const withWindows = createReward({ windows: 'always', threads: 1 });
  const warm = {
    name: '',
    language: 'svg',
    target: await picture(48, 48, 0),
    renders: [await picture(48, 48, 1)],
  } as const;
  for (const other of [reward, withWindows]) await spared(other, { ...warm, renders: [...warm.renders] });
  const totals: Run[] = [zero(), zero(), zero()];
  for (const refinement of await refinements(iterations, [1, 2, 3], quick)) {
    const runs = [
      await published(session, refinement),
      await spared(reward, refinement),
      await spared(withWindows, refinement),
    ];
    runs.forEach((run, index) => add(totals[index]!, run));
    console.log(line(refinement.name, runs));
  }
  console.log(line('all', totals));
  await Promise.all([reward.close(), withWindows.close()]);
}

function line(name: string, [each, one, windows]: readonly Run[]): string {
  const ratio = (part: keyof Run) => (each![part] / one![part]).toFixed(1);
  return (
    `${name.padEnd(16)} published ${text(each!)}; spared ${text(one!)}; fewer passes ${ratio('passes')}x,` +
    ` less time ${ratio('ms')}x, less processor time ${ratio('processorMs')}x; with windows ${text(windows!)}`
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
function published(session: EncoderSession, { target, renders }: Refinement): Promise<Run> {
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

function spared(reward: Reward, { target, renders }: Refinement): Promise<Run> {
  return measured(async () => {
    const before = reward.counters().inferences;
    for (const render of renders) await reward.score({ target, render, alignment: 1 }, never);
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
    await score(reward, await picture(64, 48, 0), await picture(64, 48, 1));
    const target = await picture(width, height, 0);
    const renders = await Promise.all([1, 2, 3, 4, 5].map((variant) => picture(width, height, variant)));
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
  await reward.score({ target, render, alignment: 1 }, never);
  return performance.now() - started;
}

/** Random weights of DINOv2's shapes: speed and memory are those of the real ones. */
async function printNetworks(folder: string, small: boolean): Promise<void> {
  console.log('\nmemory of a process that scored with a model, MiB, and its file');
  console.log(
    `${'analytic'.padEnd(14)} ${execFileSync(process.execPath, [import.meta.filename, 'memory'], { encoding: 'utf8' })}`,
  );
  let largest = '';
  for (const [name, shape] of Object.entries(networks)) {
    if (small && name !== 'ViT-S') continue;
    largest = await writeDinov2Folder(join(folder, name), shape);
    const figures = execFileSync(process.execPath, [import.meta.filename, 'memory', largest], { encoding: 'utf8' });
    console.log(`${name.padEnd(14)} ${figures}`);
  }
  await printLoopDelay(largest);
}

async function printMemory(encoder?: string): Promise<void> {
  const reward = createReward({ encoder });
  await score(reward, await picture(48, 48, 0), await picture(48, 48, 1));
  const { modelBytes } = await loadEncoder(encoder);
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  process.stdout.write(`${mebibytes(process.memoryUsage.rss())}, ${mebibytes(modelBytes)}`);
  await reward.close();
}

/** Of the main thread, while tiles of two jobs are encoded. */
async function printLoopDelay(encoder: string): Promise<void> {
  const reward = createReward({ encoder });
  await score(reward, await picture(48, 48, 0), await picture(48, 48, 1));
  const [targets, renders] = await Promise.all(
    [2, 3].map((from) => Promise.all([from, from + 2].map((variant) => picture(640, 320, variant)))),
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await Promise.all(
    targets!.map((target, job) => reward.score({ target, render: renders![job]!, alignment: 1, job: `${job}` }, never)),
  );
  delay.disable();
  const [most, usual] = [delay.max, delay.percentile(99)].map((nanoseconds) => (nanoseconds / 1e6).toFixed(1));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { inferences } = reward.counters();
  console.log(
    `\nevent-loop delay with it: at most ${most} ms, 99 % under ${usual} ms, in ${seconds} s and ${inferences} passes`,
  );
  await reward.close();
}

/** Stripes of text-like strokes, so that no tile is blank and none of two variants are equal. */
function picture(width: number, height: number, variant: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3, 255);
  for (let y = 0; y < height; y++) {
    if (y % 12 > 7) continue;
    for (let x = 0; x < width; x++) {
      if ((x * 7 + ((x * y) >> 2) + variant * 3) % 11 < 4)
        pixels.fill(40 + (x % 150), (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
