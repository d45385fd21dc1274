import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncoderError } from '../errors.ts';
import { loadEncoder } from './load.ts';
import { writeTinyVit } from '../testing/tiny-vit.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-encoder-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function refusal(location: string): Promise<string> {
  const error = await loadEncoder(location).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EncoderError);
  return (error as EncoderError).message;
}

describe('loadEncoder', () => {
  it('takes a folder or the path of a manifest', async () => {
    const place = await writeTinyVit(join(folder, 'good'));
    expect((await loadEncoder(place)).manifest.id).toBe('tiny-vit');
    expect((await loadEncoder(join(place, 'manifest.json'))).manifest.id).toBe('tiny-vit');
  });

  it('says what to do about a folder that is not there', async () => {
    expect(await refusal(join(folder, 'nowhere'))).toMatch(
      /no encoder manifest at .*nowhere.*unset PENTIMENTO_ENCODER/,
    );
  });

  it('names the wrong fields of a manifest', async () => {
    const place = await writeTinyVit(join(folder, 'fields'), { pooling: 'max', std: [0, 1, 1], colour: true });
    const message = await refusal(place);
    expect(message).toMatch(/pooling: /);
    expect(message).toMatch(/std: must be above 0/);
    expect(message).toMatch(/colour/);
  });

  it('refuses a manifest that is not JSON', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{');
    expect(await refusal(path)).toMatch(/broken\.json is not JSON/);
  });

  it('says which file is missing', async () => {
    const place = await writeTinyVit(join(folder, 'missing'));
    await unlink(join(place, 'model.onnx'));
    expect(await refusal(place)).toMatch(/model\.onnx .*is missing: put it there/);
  });

  it('refuses a file with another hash', async () => {
    const place = await writeTinyVit(join(folder, 'hash'), { sha256: 'a'.repeat(64) });
    expect(await refusal(place)).toMatch(/has SHA-256 [0-9a-f]{64}, but its manifest says a{64}: fetch the file again/);
  });
});
