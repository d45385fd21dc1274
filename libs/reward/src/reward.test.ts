import { performance } from 'node:perf_hooks';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rewardRecordSchema, type ByteCache } from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import { writeTinyVit } from '@pentimento/encoder/testing';
import { InvalidImageError } from '@pentimento/imaging';
import { blank, blur, erase, example, pngHeader, shift, turnHue } from '@pentimento/imaging/testing';
import { RewardBusyError } from './errors.ts';
import { createReward, type Reward, type RewardOptions } from './reward.ts';

const noAbort = new AbortController().signal;
const open: Reward[] = [];
afterEach(() => Promise.all(open.splice(0).map((reward) => reward.close())));

function newReward(options?: RewardOptions): Reward {
  const reward = createReward(options);
  open.push(reward);
  return reward;
}

function visual(reward: Reward, target: Uint8Array, render: Uint8Array): Promise<number> {
  return reward.score({ target, render, alignment: 1 }, noAbort).then(({ terms }) => terms.visual);
}

const degradations = {
  blur: [0.8, 2.5, 8].map((sigma) => (image: Uint8Array) => blur(image, sigma)),
  shift: [2, 9, 35].map((pixels) => (image: Uint8Array) => shift(image, pixels)),
  recolor: [12, 50, 150].map((degrees) => (image: Uint8Array) => turnHue(image, degrees)),
  missing: [0.15, 0.35, 0.6].map((share) => (image: Uint8Array) => erase(image, share)),
};

describe('ranking', () => {
  let reward: Reward;
  beforeAll(() => {
    reward = createReward();
  });
  afterAll(() => reward.close());

  it.each(['grouped-bars', 'badge', 'isometric', 'pricing-page'])(
    'puts worse renders of %s below better ones',
    { timeout: 60_000 },
    async (name) => {
      const target = example(name);
      expect(await visual(reward, target, await sharp(target).png({ compressionLevel: 1 }).toBuffer())).toBe(1);
      for (const [degradation, degrees] of Object.entries(degradations)) {
        const scores = [1];
        for (const degrade of degrees) scores.push(await visual(reward, target, await degrade(target)));
        expect(scores, degradation).toEqual(scores.toSorted((a, b) => b - a));
        expect(new Set(scores).size, degradation).toBe(scores.length);
      }
    },
  );

  it('puts unrelated images and blank pages far below', { timeout: 60_000 }, async () => {
    const names = ['heatmap', 'badge', 'commutative', 'caffeine', 'tiny-icon'];
    for (const name of names) {
      const white = await blank({ width: 300, height: 200 }, 'white');
      const others = [white, ...names.filter((other) => other !== name).map(example)];
      for (const other of others) expect(await visual(reward, example(name), other), name).toBeLessThan(0.75);
    }
  });
});

describe('a record', () => {
  it('has every tile in target pixels and a map, and matches its schema', async () => {
    const reward = newReward();
    const target = example('heatmap');
    const record = await reward.score({ target, render: await shift(target, 5), alignment: 0 }, noAbort);
    expect(rewardRecordSchema.parse(record)).toEqual(record);
    expect(record.tiles).toHaveLength(13);
    expect(record.tiles.at(-1)).toMatchObject({ index: 12, level: 'thumbnail', box: { x: 0, y: 0, width: 640 } });
    const scores = record.tiles.map((tile) => tile.score);
    expect(record.terms.visual).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / 13, 12);
    expect(record.terms).toMatchObject({ overall: 0.9 * record.terms.visual, alignment: 0, execution: 1 });
    expect(record.terms.worstTile).toBe(Math.min(...scores));
    expect(record.map).toMatchObject({ columns: 98, rows: 83 });
    const { version, encoder, preprocessing } = record;
    expect({ version, encoder, preprocessing }).toEqual(await reward.version());
  });

  it('has no tiles and keeps the alignment where nothing rendered', async () => {
    const record = await newReward().score({ target: example('badge'), render: null, alignment: 1 }, noAbort);
    expect(record).toMatchObject({ tiles: [], map: null });
    expect(record.terms).toMatchObject({ visual: 0, overall: 0.1, alignment: 1, execution: 0, worstTile: 0 });
  });

  it('treats a render above 83 million pixels as no render', async () => {
    const render = pngHeader(9200, 9200);
    const record = await newReward().score({ target: example('tiny-icon'), render, alignment: 1 }, noAbort);
    expect(record.terms).toMatchObject({ visual: 0, execution: 0, overall: 0.1 });
  });

  it('does not depend on the format or on how transparency is stored', async () => {
    const reward = newReward();
    const target = example('tiny-icon');
    const opaque = await sharp(target).flatten({ background: 'white' }).webp({ lossless: true }).toBuffer();
    expect(await visual(reward, target, opaque)).toBeGreaterThan(0.999);
  });

  it('has a map in which blank on blank is right and content on a blank page is wrong', async () => {
    const white = await blank({ width: 500, height: 400 }, 'white');
    const record = await newReward().score({ target: white, render: example('penicillin'), alignment: 1 }, noAbort);
    const { columns, rows, scores } = record.map!;
    const corners = [0, columns - 1, (rows - 1) * columns, rows * columns - 1];
    expect(corners.map((index) => scores[index])).toEqual([1, 1, 1, 1]);
    expect(Math.min(...scores)).toBeLessThan(0.2);
    expect(scores.filter((score) => score < 0.6).length).toBeGreaterThan(100);
  });
});

describe('work that is saved', () => {
  it('decodes a target once, and encodes every tile once', async () => {
    const reward = newReward();
    const target = example('isometric');
    const render = await blur(target, 2);
    const first = await reward.score({ target, render, alignment: 1 }, noAbort);
    expect(reward.counters()).toMatchObject({ targets: 1, inferences: 2, cacheHits: 0, workerStarts: 1 });
    const otherBytes = await sharp(render).png({ compressionLevel: 1 }).toBuffer();
    const second = await reward.score({ target, render: otherBytes, alignment: 1 }, noAbort);
    expect(second.tiles).toEqual(first.tiles);
    expect(second.map).toEqual(first.map);
    expect(reward.counters()).toMatchObject({ targets: 1, inferences: 2, cacheHits: 1, workerStarts: 1 });
  });

  it('compares a render once, whatever its alignment and text', async () => {
    const reward = newReward();
    const target = example('isometric');
    const render = await blur(target, 2);
    const text = { target: 'abcd', render: 'abce' };
    const first = await reward.score({ target, render, alignment: 1 }, noAbort);
    const second = await reward.score({ target, render, alignment: 0, text }, noAbort);
    expect(second.terms).toEqual({ ...first.terms, alignment: 0, overall: 0.9 * first.terms.visual, text: 0.75 });
    expect([second.map, second.tiles, second.shift]).toEqual([first.map, first.tiles, first.shift]);
    expect(reward.counters()).toMatchObject({ inferences: 2, cacheHits: 0 });
  });

  it('encodes equal tiles of an image once, also in scores at the same time', async () => {
    const reward = newReward();
    const target = await blank({ width: 640, height: 480 }, 'white');
    const render = await blank({ width: 640, height: 480 }, '#eef');
    const group = Array.from({ length: 3 }, () => reward.score({ target, render, alignment: 1 }, noAbort));
    expect(new Set((await Promise.all(group)).map((record) => record.terms.visual)).size).toBe(1);
    expect(reward.counters()).toMatchObject({ targets: 1, inferences: 2 });
  });

  it('encodes no tile with the same pixels as the target', async () => {
    const reward = newReward();
    const target = example('heatmap');
    const again = await sharp(target).png({ compressionLevel: 2 }).toBuffer();
    const record = await reward.score({ target, render: again, alignment: 1 }, noAbort);
    expect(record.terms).toMatchObject({ overall: 1, visual: 1, worstTile: 1 });
    expect(reward.counters()).toMatchObject({ identicalTiles: 13, inferences: 0, identicalImages: 0 });
  });

  it('neither decodes nor encodes a render with the same bytes', async () => {
    const reward = newReward();
    const target = example('pricing-page');
    const record = await reward.score({ target, render: Uint8Array.from(target), alignment: 1 }, noAbort);
    expect(record.terms).toMatchObject({ overall: 1, visual: 1, alignment: 1, execution: 1, worstTile: 1 });
    expect(record.map!.scores.every((score) => score === 1)).toBe(true);
    expect(reward.counters()).toMatchObject({ identicalImages: 1, inferences: 0, workerStarts: 0 });
  });

  it('takes vectors from the disk after a restart', async () => {
    const kept = new Map<string, Uint8Array>();
    const cache: ByteCache = {
      get: (key) => Promise.resolve(kept.get(key)),
      set: (key, bytes) => Promise.resolve(void kept.set(key, bytes)),
    };
    const target = example('isometric');
    const input = { target, render: await blur(target, 2), alignment: 1 } as const;
    const first = await newReward({ cache }).score(input, noAbort);
    const later = newReward({ cache });
    const second = await later.score(input, noAbort);
    expect(later.counters()).toMatchObject({ inferences: 0, diskHits: 2 });
    expect({ ...second, ms: 0 }).toEqual({ ...first, ms: 0 });
    kept.forEach((bytes) => (bytes[40]! ^= 1));
    const again = newReward({ cache });
    expect((await again.score(input, noAbort)).terms).toEqual(first.terms);
    expect(again.counters()).toMatchObject({ inferences: 2, diskHits: 0 });
  });

  it('keeps no more vectors than allowed', async () => {
    const reward = newReward({ cacheVectors: 0 });
    const target = example('isometric');
    const render = await blur(target, 2);
    for (let time = 0; time < 2; time++) await reward.score({ target, render, alignment: 1 }, noAbort);
    expect(reward.counters()).toMatchObject({ targets: 1, inferences: 3, cacheHits: 0 });
  });
});

describe('invalid input', () => {
  const good = example('tiny-icon');
  const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');

  it.each([
    ['no bytes', new Uint8Array(), /^The render is not a PNG, JPEG or WebP image: send one of these\.$/],
    ['SVG', svg, /^The render is not a PNG, JPEG or WebP image/],
    ['a cut-off PNG', good.slice(0, 300), /^The render cannot be read as an image, its bytes are damaged/],
  ])('refuses %s as a render', async (_, render, message) => {
    const refused = newReward().score({ target: good, render, alignment: 1 }, noAbort);
    await expect(refused).rejects.toThrow(InvalidImageError);
    await expect(refused).rejects.toThrow(message);
  });

  it('refuses a damaged target, and scores the next one', async () => {
    const reward = newReward();
    const damaged = { target: good.slice(0, 300), render: good, alignment: 1 } as const;
    await expect(reward.score(damaged, noAbort)).rejects.toThrow(/^The target cannot be read as an image/);
    expect(await visual(reward, good, good)).toBe(1);
  });

  it('refuses a target that is too large', async () => {
    const refused = newReward().score({ target: pngHeader(14_000, 14_000), render: good, alignment: 1 }, noAbort);
    await expect(refused).rejects.toThrow(/^The target has 14000 x 14000 pixels, more than can be scored/);
  });

  it('refuses to score once it is closed', async () => {
    const reward = newReward();
    await reward.close();
    await expect(visual(reward, good, good)).rejects.toThrow(EncoderError);
  });
});

describe('a running score', () => {
  const long = { target: example('long-report'), alignment: 1 } as const;

  it('stops when its signal aborts, and leaves the next score running', { timeout: 60_000 }, async () => {
    const reward = newReward();
    const controller = new AbortController();
    const aborted = reward.score({ ...long, render: await blur(long.target, 1) }, controller.signal);
    const next = visual(reward, example('tiny-icon'), await blur(example('tiny-icon'), 3));
    const stopped = expect(aborted).rejects.toThrow('canceled');
    await until(() => reward.counters().inferences >= 2);
    controller.abort(new Error('canceled'));
    await stopped;
    expect(await next).toBeLessThan(1);
    expect(reward.counters().inferences).toBeLessThan(13 + 27 + 4);
  });

  it(
    'refuses more than may wait, with a time to try again, and lets jobs take turns',
    { timeout: 60_000 },
    async () => {
      const reward = newReward({ maxWaiting: 3, threads: 64 });
      const target = example('tiny-icon');
      const renders = await Promise.all([1, 2, 3, 4, 5].map((sigma) => blur(target, sigma)));
      await reward.version();
      const order: string[] = [];
      const ask = (index: number, job: string) =>
        reward
          .score({ target, render: renders[index]!, alignment: 1, job }, noAbort)
          .then(() => order.push(`${job}${index}`));
      const asked = [ask(0, 'a'), ask(1, 'a'), ask(2, 'a'), ask(3, 'a'), ask(4, 'a')];
      const refused = ask(0, 'a');
      const other = ask(4, 'b');
      await expect(refused).rejects.toThrow(RewardBusyError);
      await expect(refused).rejects.toMatchObject({ retryAfterSeconds: expect.any(Number) });
      await Promise.all([...asked, other]);
      expect(order.indexOf('b4')).toBeLessThan(order.indexOf('a3'));
    },
  );

  it('leaves the event loop free', { timeout: 60_000 }, async () => {
    const reward = newReward();
    const render = await blur(long.target, 1);
    const before = performance.eventLoopUtilization();
    await reward.score({ ...long, render }, noAbort);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });
});

describe('an encoder with the shape of DINOv2', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pentimento-vit-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('loads through the same code, pools its CLS token, and has a map from pixels', { timeout: 60_000 }, async () => {
    const reward = newReward({ encoder: await writeTinyVit(folder), threads: 2 });
    const target = example('badge');
    const record = await reward.score({ target, render: await erase(target, 0.3), alignment: 1 }, noAbort);
    expect(record.encoder.id).toBe('tiny-vit');
    expect(record.terms.visual).toBeGreaterThan(0.5);
    expect(record.terms.visual).toBeLessThan(1);
    expect(record.map).toMatchObject({ columns: 90, rows: 90 });
    expect(Math.min(...record.map!.scores.slice(20 * 90, 45 * 90))).toBeLessThan(0.9);
    expect(record.map!.scores[80 * 90 + 80]).toBe(1);
  });

  it('gives its patch tokens as cells, without the CLS token', { timeout: 60_000 }, async () => {
    const cells = { outputName: 'last_hidden_state', columns: 32, rows: 32 };
    const reward = newReward({ encoder: await writeTinyVit(folder, { cells }) });
    const target = example('badge');
    const record = await reward.score({ target, render: await erase(target, 0.3), alignment: 1 }, noAbort);
    const worst = record.map!.scores.indexOf(Math.min(...record.map!.scores));
    expect(worst % 90).toBeGreaterThanOrEqual(17);
    expect(worst % 90).toBeLessThan(46);
  });

  it.each([
    ['inputName', { inputName: 'pixels' }, /no input "pixels": it has inputs pixel_values/],
    ['outputName', { outputName: 'pooled' }, /no output "pooled"/],
    ['pooling', { pooling: 'vector' }, /\[1, 1025, 32\], but pooling "vector" wants \[1, dim\]/],
    ['inputSize', { inputSize: 224 }, /failed on an input of 224 x 224 px: see that its manifest/],
    ['cells', { cells: { outputName: 'last_hidden_state', columns: 64, rows: 64 } }, /names 64 x 64 cells/],
  ])('is refused where the %s of its manifest is wrong', async (_, changes, message) => {
    const reward = newReward({ encoder: await writeTinyVit(folder, changes) });
    const refused = visual(reward, example('badge'), example('tiny-icon'));
    await expect(refused).rejects.toThrow(EncoderError);
    await expect(refused).rejects.toThrow(message);
  });

  it('loads an encoder that was missing at the first try', async () => {
    const reward = newReward({ encoder: join(folder, 'later') });
    await expect(reward.version()).rejects.toThrow(EncoderError);
    await writeTinyVit(join(folder, 'later'));
    expect((await reward.version()).encoder.id).toBe('tiny-vit');
  });
});

it('refuses int8 for scores by the rule of the reference', async () => {
  const reward = newReward({ precision: 'int8', alpha: 'reference' });
  await expect(reward.version()).rejects.toThrow(/int8 is not for scores by the reference's own rule/);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
