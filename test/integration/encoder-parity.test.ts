import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncoderSession } from '../../libs/encoder/src/inference/session.ts';
import { loadEncoder } from '../../libs/encoder/src/index.ts';
import { resizeBicubic } from '../../libs/imaging/src/index.ts';
import { createReward } from '../../libs/reward/src/index.ts';
import { publishedShapes, writeDinov2Folder } from '../../libs/encoder/src/testing/dinov2-folder.ts';
import { runDinov2 } from '../../libs/encoder/src/testing/dinov2-reference.ts';

const side = 448;
/** Of any number of CLS; the numbers themselves are of the size of 1. */
const tolerance = 1e-5;
const rewardTolerance = 1e-4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-parity-'));
});
afterAll(() => rm(folder, { recursive: true }));

const svgImage = (content: string): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="448" height="448" fill="#fff"/>${content}</svg>`,
    ),
  )
    .removeAlpha()
    .png()
    .toBuffer();
const bars = '<rect x="40" y="90" width="90" height="310" fill="#c33"/><circle cx="300" cy="200" r="85" fill="#26a"/>';
const pixelsOf = async (png: Buffer) => new Uint8Array(await sharp(png).raw().toBuffer());

/** (v / 255 - mean) / deviation of ImageNet, each step in float32, then rounded to bfloat16. */
function planesOf(pixels: Uint8Array): Float32Array {
  const [mean, deviation] = [[0.485, 0.456, 0.406].map(Math.fround), [0.229, 0.224, 0.225].map(Math.fround)];
  const area = pixels.length / 3;
  const planes = Float32Array.from({ length: pixels.length }, (_, index) => {
    const channel = Math.floor(index / area);
    const value = Math.fround(pixels[(index % area) * 3 + channel]! / 255);
    return Math.fround(Math.fround(value - mean[channel]!) / deviation[channel]!);
  });
  const words = new Uint32Array(planes.buffer);
  words.forEach((word, index) => (words[index] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000));
  return planes;
}

function maxDifference(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length);
  return Array.from(actual).reduce((upper, value, index) => Math.max(upper, Math.abs(value - wanted[index]!)), 0);
}

const cosine = (a: Float64Array, b: Float64Array): number => {
  const dot = (u: Float64Array, v: Float64Array) => u.reduce((sum, value, index) => sum + value * v[index]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('DINOv2 from a folder', { timeout: 300_000 }, () => {
  it('of the shape of S gives the CLS, the patches and the reward of its equations, at 448 px', async () => {
    const directory = await writeDinov2Folder(join(folder, 'small'), publishedShapes.small);
    const [target, render] = await Promise.all([svgImage(bars), svgImage(bars.replace('#26a', '#2a6'))]);
    const [wanted, other] = await Promise.all(
      [target, render].map(async (png) => runDinov2(directory, planesOf(await pixelsOf(png)), side)),
    );
    const session = await EncoderSession.open({ ...(await loadEncoder(directory)), threads: 1 });
    const { vector, cells } = await session.encode(await pixelsOf(target));
    await session.close();
    expect(maxDifference(vector, wanted!.cls)).toBeLessThan(tolerance);
    expect(maxDifference(cells.features, wanted!.patches)).toBeLessThan(tolerance);

    const reward = createReward({ encoder: directory, threads: 1 });
    try {
      const record = await reward.score({ target, render, alignment: 1 }, new AbortController().signal);
      const visual = (cosine(wanted!.cls, other!.cls) + 1) / 2;
      expect(record.encoder.id).toBe('dinov2-384x2-g1');
      expect(Math.abs(record.terms.visual - visual)).toBeLessThan(rewardTolerance);
      expect(Math.abs(record.terms.overall - (0.9 * visual + 0.1))).toBeLessThan(rewardTolerance);
      expect(visual).toBeLessThan(1 - 10 * rewardTolerance);
    } finally {
      await reward.close();
    }
  });

  // At 168 px, so that the equations are done within seconds: the width is what these shapes add.
  it.each(['base', 'large'] as const)(
    'of the shape of %s gives the CLS and the patches of its equations',
    async (name) => {
      const inputSize = 168;
      const directory = await writeDinov2Folder(join(folder, name), publishedShapes[name]);
      const { manifest, ...files } = await loadEncoder(directory);
      const cells = { outputName: 'patches', columns: inputSize / 14, rows: inputSize / 14 };
      const session = await EncoderSession.open({ ...files, manifest: { ...manifest, inputSize, cells }, threads: 1 });
      const pixels = await pixelsOf(await svgImage(bars));
      const encoded = await session.encode(pixels);
      await session.close();
      const smaller = resizeBicubic({ width: side, height: side, pixels }, { width: inputSize, height: inputSize });
      const wanted = runDinov2(directory, planesOf(smaller.pixels), inputSize);
      expect(maxDifference(encoded.vector, wanted.cls)).toBeLessThan(tolerance);
      expect(maxDifference(encoded.cells.features, wanted.patches)).toBeLessThan(tolerance);
    },
  );
});
