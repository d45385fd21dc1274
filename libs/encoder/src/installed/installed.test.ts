import { appendFile, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { EncoderError } from '../errors.ts';
import { tinyShape, writeDinov2Folder } from '../testing/dinov2-folder.ts';
import { writeTinyVit } from '../testing/tiny-vit.ts';
import { checkEncoder } from './check.ts';
import { hashOfFile } from './file-hash.ts';
import { addEncoder, listEncoders } from './installed.ts';
import { calibrateInt8 } from './calibrate-int8.ts';
import { loadEncoder } from './load.ts';

const folders: string[] = [];
let folder: string;
let home: string;
let model: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-installed-'));
  folders.push(folder);
  home = join(folder, 'home');
  model = await writeDinov2Folder(join(folder, 'model'), tinyShape);
});
afterAll(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

async function refusal(trying: Promise<unknown>): Promise<string> {
  const error = await trying.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EncoderError);
  return (error as EncoderError).message;
}

describe('installed encoders', () => {
  it('are found by name, and leave their files where they are', async () => {
    const added = await addEncoder(model, { home, name: 'mine' });
    expect(added).toMatchObject({
      name: 'mine',
      id: 'dinov2-32x2-g1',
      file: join(model, 'model.safetensors'),
      int8: null,
    });
    const vit = await writeTinyVit(join(folder, 'vit'));
    await addEncoder(vit, { home });
    expect((await loadEncoder('tiny-vit', { home })).modelPath).toBe(join(vit, 'model.onnx'));
    expect((await listEncoders(home)).map(({ name }) => name)).toEqual(['mine', 'tiny-vit']);
    await expect(loadEncoder('mine')).rejects.toThrow(/no encoder manifest/);
  });

  it('cannot take the name of other weights, and may be added twice', async () => {
    await addEncoder(model, { home, name: 'mine' });
    await addEncoder(model, { home, name: 'mine' });
    const other = await writeTinyVit(join(folder, 'vit'));
    expect(await refusal(addEncoder(other, { home, name: 'mine' }))).toMatch(/name mine is taken/);
    expect(await refusal(addEncoder(other, { home, name: '../mine' }))).toMatch(/is not a name for an encoder/);
  });

  it('are listed with their problems', async () => {
    await addEncoder(model, { home, name: 'mine' });
    await rename(model, join(folder, 'elsewhere'));
    expect(await listEncoders(home)).toEqual([
      { name: 'mine', problem: expect.stringMatching(/model\.safetensors .* is missing/) },
    ]);
    expect(await refusal(loadEncoder('mine', { home }))).toMatch(/is missing: put it there/);
  });

  it('are refused after their weights changed', async () => {
    const { file } = await addEncoder(model, { home, name: 'mine' });
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    expect(await refusal(loadEncoder('mine', { home }))).toMatch(/has SHA-256 [0-9a-f]{64}, but its manifest has/);
  });
});

it('hashes a large file once, and again after it changed', async () => {
  const path = join(folder, 'large');
  await writeFile(path, Buffer.alloc(9 * 1024 * 1024));
  const first = await hashOfFile(path, home);
  // Only the stored hash can give this result.
  const hashes = join(home, 'encoders/.hashes');
  const kept = join(hashes, (await readdir(hashes))[0]!);
  const text = await readFile(kept, 'utf8');
  await writeFile(kept, text.replace(first, 'f'.repeat(64)));
  expect(await hashOfFile(path, home)).toBe('f'.repeat(64));
  await utimes(path, 1, 1);
  expect(await hashOfFile(path, home)).toBe(first);
  await appendFile(path, 'x');
  expect(await hashOfFile(path, home)).not.toBe(first);
});

describe('int8', () => {
  it('is used after its scores were found close enough, with an id of its own', async () => {
    await addEncoder(model, { home, name: 'mine' });
    const int8 = () => loadEncoder('mine', { home, precision: 'int8' });
    expect(await refusal(int8())).toMatch(
      /no accepted int8 weights of mine: run "pentimento encoder check NAME --int8"/,
    );
    // A network this narrow averages less of the rounding away than a published one.
    const limit = 0.01;
    const calibration = await calibrateInt8('mine', { home, threads: 1, limit });
    expect(calibration).toMatchObject({ tiles: 16, limit });
    expect(calibration.largestDifference).toBeGreaterThan(0);
    expect(calibration.largestDifference).toBeLessThan(limit);
    const { manifest, modelBytes } = await int8();
    expect(manifest).toMatchObject({ id: 'dinov2-32x2-g1-int8', calibration });
    expect(modelBytes).toBeLessThan((await loadEncoder('mine', { home })).modelBytes);
    expect((await checkEncoder(await int8(), { threads: 1 })).problems).toEqual([]);
    expect(await listEncoders(home)).toMatchObject([{ int8: calibration }]);
  });

  it('is refused above the limit, and its results are kept', async () => {
    await addEncoder(model, { home, name: 'mine' });
    const trying = calibrateInt8('mine', { home, threads: 1, limit: 1e-9 });
    expect(await refusal(trying)).toMatch(/int8 is refused for mine: it moved a score by 0\.\d{4}/);
    await expect(loadEncoder('mine', { home, precision: 'int8' })).rejects.toThrow(EncoderError);
    const figures = JSON.parse(await readFile(join(home, 'encoders/mine/int8-calibration.json'), 'utf8')) as object;
    expect(figures).toMatchObject({ tiles: 16, limit: 1e-9 });
  });

  it('is only for installed networks on the processor', async () => {
    await addEncoder(await writeTinyVit(join(folder, 'vit')), { home });
    expect(await refusal(calibrateInt8('tiny-vit', { home, threads: 1 }))).toMatch(/only made of DINOv2 weights/);
    expect(await refusal(calibrateInt8('nobody', { home, threads: 1 }))).toMatch(/nobody/);
    expect(await refusal(loadEncoder(model, { home, precision: 'int8' }))).toMatch(/is not installed/);
    expect(await refusal(loadEncoder(undefined, { precision: 'int8' }))).toMatch(/no accepted int8 weights/);
    expect(await refusal(loadEncoder(model, { precision: 'int8', executionProvider: 'cuda' }))).toMatch(
      /processor only/,
    );
  });
});

describe('a check', () => {
  it('measures an encoder and reports no problem of the embedded one', async () => {
    const checked = await checkEncoder(await loadEncoder(), { threads: 1 });
    expect(checked).toMatchObject({
      executionProvider: 'cpu',
      threads: 1,
      dimension: 12040,
      cells: { columns: 16, rows: 16 },
      sameScore: 1,
      problems: [],
    });
    expect(checked.nearScore).toBeGreaterThan(checked.blankScore);
    expect(checked.tileMs).toBeGreaterThan(0);
  });

  it('reports numbers that are not finite', async () => {
    const bytes = await readFile(join(model, 'model.safetensors'));
    bytes.fill(0xff, bytes.length - 8 * tinyShape.dim * 100);
    await writeFile(join(model, 'model.safetensors'), bytes);
    const { problems } = await checkEncoder(await loadEncoder(model), { threads: 1 });
    expect(problems).toEqual([expect.stringMatching(/not finite/)]);
  });

  it('stops when its signal aborts', async () => {
    const stopped = checkEncoder(await loadEncoder(), { threads: 1, signal: AbortSignal.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');
  });
});
