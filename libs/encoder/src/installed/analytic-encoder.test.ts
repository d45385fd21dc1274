import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeImage, tileSide, tilesOf } from '@pentimento/imaging';
import { example } from '@pentimento/imaging/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyticManifest, buildAnalyticEncoder } from '../../scripts/analytic-encoder.ts';
import { plainMaps } from '../../scripts/plain-maps.ts';
import { EncoderSession } from '../inference/session.ts';
import { loadEncoder } from './load.ts';

it('is built to the bytes and the manifest that the repository holds', async () => {
  const { manifest, modelPath } = await loadEncoder();
  const model = buildAnalyticEncoder();
  expect(Buffer.compare(model, readFileSync(modelPath))).toBe(0);
  expect(analyticManifest(model)).toEqual(manifest);
});

it('is small enough to live in the repository', async () => {
  expect((await loadEncoder()).modelBytes).toBeLessThan(32 * 1024);
});

describe('against its plain graph', () => {
  const plainModel = buildAnalyticEncoder(plainMaps);
  let folder: string;
  let sessions: EncoderSession[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pentimento-analytic-'));
    const manifest = analyticManifest(plainModel);
    await writeFile(join(folder, manifest.file), plainModel);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    const encoders = await Promise.all([loadEncoder(), loadEncoder(folder)]);
    sessions = await Promise.all(encoders.map((files) => EncoderSession.open({ ...files, threads: 1 })));
  });
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.close()));
    await rm(folder, { recursive: true });
  });

  it('compares with the graph by which scores were made before, byte for byte', () => {
    const sha256 = createHash('sha256').update(plainModel).digest('hex');
    expect(sha256).toBe('b7582a1f3351765566dc5f68bef81cc9cb3b201b466cf6ebe07bd45bf75b371a');
  });

  it.each([
    ['flat colors', () => [0, 1, 127, 128, 254, 255].map((level) => tile(() => [level, 255 - level, level]))],
    ['noise', () => [1, 2, 3, 4].map((seed) => noise(seed))],
    ['gradients', () => [tile((x, y) => [x / 2, y / 2, (x + y) / 4]), tile((x) => [x / 2, x / 2, x / 2])]],
    ['thin lines', () => [1, 2, 3, 5, 8].flatMap((width) => lines(width))],
    ['a chart', () => tilesOfExample('grouped-bars')],
    ['a heat map', () => tilesOfExample('heatmap')],
    ['a page', () => tilesOfExample('pricing-page')],
    ['a formula', () => tilesOfExample('commutative')],
    ['a drawing', () => tilesOfExample('isometric')],
  ])('gives the same bits for %s', async (_, makeTiles) => {
    for (const pixels of await makeTiles()) {
      const [fast, plain] = [await sessions[0]!.encode(pixels), await sessions[1]!.encode(pixels)];
      expect(Buffer.compare(bytesOf(fast.vector), bytesOf(plain.vector))).toBe(0);
      expect(Buffer.compare(bytesOf(fast.cells.features), bytesOf(plain.cells.features))).toBe(0);
    }
  });
});

function tile(colorAt: (x: number, y: number) => number[]): Uint8Array {
  const pixels = new Uint8Array(tileSide * tileSide * 3);
  for (let y = 0; y < tileSide; y++)
    for (let x = 0; x < tileSide; x++) pixels.set(colorAt(x, y), (y * tileSide + x) * 3);
  return pixels;
}

function noise(seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: tileSide * tileSide * 3 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

/** Down, across and both. */
function lines(width: number): Uint8Array[] {
  const inked = (at: number) => Math.floor(at / width) % 2 === 0;
  return [
    tile((x) => (inked(x) ? [0, 0, 0] : [255, 255, 255])),
    tile((_, y) => (inked(y) ? [200, 30, 30] : [30, 30, 200])),
    tile((x, y) => (inked(x) === inked(y) ? [0, 128, 0] : [255, 255, 0])),
  ];
}

async function tilesOfExample(name: string): Promise<Uint8Array[]> {
  return tilesOf(await decodeImage(example(name), 'target')).map(({ pixels }) => pixels);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
