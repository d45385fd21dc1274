/**
 * What the reward spares over a refinement of six iterations, and what a score costs: node bench/reward.ts
 *
 * Each way scores the same renders of the same targets in turn, so that both see the same load on the machine:
 * "each time" encodes every tile of target and render; "spared" is the reward as it is.
 */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { createReward, loadEncoder, tileSimilarity, type Reward } from '../libs/reward/src/index.ts';
import { Embedder } from '../libs/reward/src/encoder/embedder.ts';

const iterations = 6;
const rounds = 3;
const never = new AbortController().signal;

const refined = await Promise.all(['heatmap', 'pricing-page', 'grouped-bars', 'badge'].map(refinement));
console.log(`${iterations} iterations, the last one exact; medians of ${rounds} rounds`);
for (const { name, target, renders } of refined) {
  const each: Run[] = [];
  const spared: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    each.push(await scoreEachTime(target, renders));
    spared.push(await scoreSpared(target, renders));
  }
  const ratio = median(spared.map((run, round) => run.ms / each[round]!.ms));
  console.log(
    `${name.padEnd(14)} inferences ${each[0]!.inferences} -> ${spared[0]!.inferences}` +
      ` (${percent(spared[0]!.inferences / each[0]!.inferences)}), time ${percent(ratio)}`,
  );
}

console.log('\nms a score: cold is the first of a new reward, warm has the target, again has the render too');
for (const [width, height] of [
  [640, 480],
  [1200, 3731],
  [48, 48],
] as const) {
  const { cold, warm, again } = await timings(width, height);
  console.log(`${`${width} x ${height}`.padEnd(14)} cold ${cold}, warm ${warm}, again ${again}`);
}

interface Run {
  ms: number;
  inferences: number;
}

/** Faults all over an example, one more of them mended in each iteration. */
async function refinement(name: string) {
  const target = await readFile(new URL(`../examples/${name}.png`, import.meta.url));
  const { width, height } = await sharp(target).metadata();
  const side = Math.round(Math.min(width, height) / 6);
  const input = await sharp({ create: { width: side, height: side, channels: 3, background: '#d33' } })
    .png()
    .toBuffer();
  const faults = Array.from({ length: iterations - 1 }, (_, fault) => ({
    input,
    left: Math.round(((fault + 0.5) / iterations) * width),
    top: Math.round((((fault * 2) % 5) / 6) * height),
  }));
  const renders = [];
  for (let mended = 0; mended < iterations; mended++) {
    renders.push(await sharp(target).composite(faults.slice(mended)).png({ compressionLevel: 2 }).toBuffer());
  }
  return { name, target, renders };
}

async function scoreEachTime(target: Uint8Array, renders: readonly Uint8Array[]): Promise<Run> {
  const embedder = new Embedder(await loadEncoder(), { cacheVectors: 0 });
  await warmUp(embedder);
  const before = embedder.counters.inferences;
  const started = performance.now();
  for (const render of renders) {
    const wanted = await embedAll(embedder, target, null);
    const got = await embedAll(embedder, render, wanted);
    wanted.tiles.forEach((tile, index) => tileSimilarity(tile.encoded.vector, got.tiles[index]!.encoded.vector));
  }
  const ms = performance.now() - started;
  await embedder.close();
  return { ms, inferences: embedder.counters.inferences - before };
}

async function embedAll(embedder: Embedder, bytes: Uint8Array, stretchTo: { width: number; height: number } | null) {
  const cut = await embedder.cut(bytes, stretchTo ? 'render' : 'target', stretchTo);
  const tiles = [];
  for (const tile of cut.tiles) tiles.push(await embedder.embed(tile));
  return { width: cut.width, height: cut.height, tiles };
}

async function warmUp(embedder: Embedder): Promise<void> {
  await embedAll(embedder, await picture(48, 48, 0), null);
}

async function scoreSpared(target: Uint8Array, renders: readonly Uint8Array[]): Promise<Run> {
  const reward = createReward();
  await score(reward, await picture(48, 48, 0), await picture(48, 48, 1));
  const before = reward.counters().inferences;
  const started = performance.now();
  for (const render of renders) await score(reward, target, render);
  const ms = performance.now() - started;
  await reward.close();
  return { ms, inferences: reward.counters().inferences - before };
}

async function timings(width: number, height: number) {
  const target = await picture(width, height, 0);
  const renders = await Promise.all([1, 2, 3, 4, 5, 6].map((variant) => picture(width, height, variant)));
  const [colds, warms, agains]: number[][] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const reward = createReward();
    colds!.push(await score(reward, target, renders[0]!));
    for (const render of renders.slice(1)) warms!.push(await score(reward, target, render));
    for (const render of renders.slice(1)) agains!.push(await score(reward, target, render));
    await reward.close();
  }
  const [cold, warm, again] = [colds!, warms!, agains!].map((times) => median(times).toFixed(0));
  return { cold, warm, again };
}

async function score(reward: Reward, target: Uint8Array, render: Uint8Array): Promise<number> {
  const started = performance.now();
  await reward.score({ target, render, alignment: 1 }, never);
  return performance.now() - started;
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

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
