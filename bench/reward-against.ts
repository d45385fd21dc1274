/**
 * The reward beside that of another checkout, with the same weights: node bench/reward-against.ts FOLDER [analytic] [ViT-S] [ViT-B]
 *
 * FOLDER is a checkout of an earlier commit with its packages installed. Both score the same renders of the same target in turns, in one
 * process, and every record must be the same. Processor time is that of all threads; a figure is the median over the renders, the
 * ratio that of the pairs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeDinov2Folder } from '../libs/encoder/src/testing/dinov2-folder.ts';
import { createReward, type Reward } from '../libs/reward/src/index.ts';
import { testImage } from './test-image.ts';

type RewardModule = { createReward: typeof createReward };

const noAbort = new AbortController().signal;
const networks = {
  'ViT-S': { dim: 384, heads: 6, blocks: 12 },
  'ViT-B': { dim: 768, heads: 12, blocks: 12 },
};
/** A network takes so long that one pair of a small image is enough. */
const cases = {
  analytic: {
    sizes: [
      [640, 480],
      [1280, 3000],
    ] as const,
    renders: 9,
  },
  network: { sizes: [[640, 320]] as const, renders: 2 },
};

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder of the other checkout.');
const other = (await import(pathToFileURL(resolve(folder, 'libs/reward/src/index.ts')).href)) as RewardModule;
const weights = await mkdtemp(join(tmpdir(), 'pentimento-bench-'));
try {
  for (const name of wanted.length > 0 ? wanted : ['analytic']) await printCase(name);
} finally {
  await rm(weights, { recursive: true });
}

async function printCase(name: string): Promise<void> {
  const shape = networks[name as keyof typeof networks] as (typeof networks)['ViT-S'] | undefined;
  const encoder = shape && (await writeDinov2Folder(join(weights, name), shape));
  const { sizes, renders } = shape ? cases.network : cases.analytic;
  for (const [width, height] of sizes) {
    const rewards = [other.createReward({ encoder }), createReward({ encoder })] as const;
    console.log(`${name}, ${width} x ${height}: ${await compare(rewards, width, height, renders)}`);
    await Promise.all(rewards.map((reward) => reward.close()));
  }
}

interface Timing {
  processorMs: number;
  ms: number;
}

/** The first render of the target is left out: it is scored cold. */
async function compare(rewards: readonly [Reward, Reward], width: number, height: number, renders: number) {
  const target = await testImage(width, height, 0);
  const pairs: [Timing, Timing][] = [];
  for (let variant = 0; variant <= renders; variant++) {
    const render = await testImage(width, height, variant + 1);
    const timings: Timing[] = [];
    const records: string[] = [];
    for (const index of variant % 2 === 0 ? [0, 1] : [1, 0]) {
      const { record, ...timing } = await timed(rewards[index]!, target, render);
      [timings[index], records[index]] = [timing, record];
    }
    if (records[0] !== records[1]) throw new Error(`The records of render ${variant} differ.`);
    if (variant > 0) pairs.push([timings[0]!, timings[1]!]);
  }
  const of = (part: keyof Timing) => {
    const [before, now] = [0, 1].map((index) => median(pairs.map((pair) => pair[index]![part])).toFixed(0));
    return `${before} to ${now} ms, ${median(pairs.map(([a, b]) => a[part] / b[part])).toFixed(2)}x less`;
  };
  return `processor time ${of('processorMs')}; time ${of('ms')}; ${renders} equal records`;
}

async function timed(reward: Reward, target: Uint8Array, render: Uint8Array): Promise<Timing & { record: string }> {
  const [started, processor] = [performance.now(), process.cpuUsage()];
  const { terms, tiles, windows, shift, map } = await reward.score({ target, render, alignment: 1 }, noAbort);
  const { user, system } = process.cpuUsage(processor);
  const record = JSON.stringify({ terms, tiles, windows, shift, map });
  return { processorMs: (user + system) / 1000, ms: performance.now() - started, record };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
