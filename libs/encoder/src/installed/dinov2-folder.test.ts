import { mkdtemp, readFile, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEncoder } from './load.ts';
import { EncoderError } from '../errors.ts';
import { tinyShape, writeDinov2Folder } from '../testing/dinov2-folder.ts';
import { buildDinov2Graph } from '../dinov2/graph.ts';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-dinov2-'));
});
afterAll(() => rm(folder, { recursive: true }));

const folderOf = (changes?: Parameters<typeof writeDinov2Folder>[2]): Promise<string> =>
  writeDinov2Folder(join(folder, `model-${made++}`), tinyShape, changes);

async function refusal(location: string): Promise<string> {
  const error = await loadEncoder(location).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EncoderError);
  return (error as EncoderError).message;
}

describe('a DINOv2 folder', () => {
  it('is an encoder whose id names network and graph, and whose hash is that of the weights', async () => {
    const { manifest, modelPath } = await loadEncoder(await folderOf());
    expect(manifest).toMatchObject({ id: 'dinov2-32x2-g1', inputSize: 448, round: 'bf16', pooling: 'vector' });
    expect(manifest.cells).toEqual({ outputName: 'patches', columns: 32, rows: 32 });
    expect(modelPath).toMatch(/model\.safetensors$/);
  });

  it('gets a graph without its matrices', async () => {
    const { manifest, modelPath } = await loadEncoder(await folderOf());
    const { model } = await buildDinov2Graph(modelPath, manifest.network!, 448);
    const positions = 32 * 32 * tinyShape.dim * 4;
    expect(model.length).toBeGreaterThan(positions);
    expect(model.length).toBeLessThan(positions + 16 * 1024);
  });

  it('may have the network under the prefix of a model with a head', async () => {
    const there = await folderOf();
    const path = join(there, 'model.safetensors');
    const bytes = await readFile(path);
    const start = 8 + Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, unknown>;
    const renamed = Object.entries(header).map(([name, tensor]) => [
      name === '__metadata__' ? name : `dinov2.${name}`,
      tensor,
    ]);
    const text = Buffer.from(JSON.stringify(Object.fromEntries(renamed)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(path, Buffer.concat([length, text, bytes.subarray(start)]));
    expect((await loadEncoder(there)).manifest.id).toBe('dinov2-32x2-g1');
  });

  it.each([
    [{ config: { model_type: 'dinov2_with_registers' } }, /model_type must be "dinov2"/],
    [{ config: { use_swiglu_ffn: true } }, /the giant size is not supported/],
    [{ config: { hidden_act: 'relu' } }, /hidden_act must be "gelu"/],
    [{ config: { patch_size: 15 } }, /patches of 15 px, which do not fill 448 px/],
    [
      { config: { hidden_size: 64 } },
      /"encoder\.layer\.0\.attention\.attention\.query\.weight" is \[32, 32\], not \[64, 64\]; .* more/,
    ],
    [{ config: { num_hidden_layers: 3 } }, /"encoder\.layer\.2\..*" is missing/],
    [{ without: 'encoder.layer.1.layer_scale2.lambda1' }, /"encoder\.layer\.1\.layer_scale2\.lambda1" is missing/],
    [{ dtype: 'F16' }, /is F16, not F32/],
  ])('with %j is refused by name', async (changes, expected) => {
    expect(await refusal(await folderOf(changes))).toMatch(expected);
  });

  it('is refused where its weights are missing, in parts, truncated or of another format', async () => {
    const there = await folderOf();
    const path = join(there, 'model.safetensors');
    const { length } = await readFile(path);
    await truncate(path, length - 4);
    expect(await refusal(there)).toMatch(/"layernorm\.bias" is outside of it/);
    await truncate(path, 100);
    expect(await refusal(there)).toMatch(/it ends in its header/);
    await writeFile(path, 'PK and what follows in a file of another kind');
    expect(await refusal(there)).toMatch(/its header is too long/);
    await writeFile(path, Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('[[')]));
    expect(await refusal(there)).toMatch(/its header is not JSON/);
    await rename(path, `${path}.index.json`);
    expect(await refusal(there)).toMatch(/has its weights in several files/);
    await unlink(`${path}.index.json`);
    expect(await refusal(there)).toMatch(/has no model\.safetensors/);
    await writeFile(join(there, 'config.json'), '{');
    expect(await refusal(there)).toMatch(/config\.json is not JSON/);
  });
});
