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
  it('accepts a folder or the path of a manifest', async () => {
    const good = await writeTinyVit(join(folder, 'good'));
    expect((await loadEncoder(good)).manifest.id).toBe('tiny-vit');
    expect((await loadEncoder(join(good, 'manifest.json'))).manifest.id).toBe('tiny-vit');
  });

  it('has a remedy for a missing folder', async () => {
    expect(await refusal(join(folder, 'nowhere'))).toMatch(
      /no encoder manifest at .*nowhere.*unset PENTIMENTO_ENCODER/,
    );
  });

  it('names the invalid fields of a manifest', async () => {
    const encoder = await writeTinyVit(join(folder, 'fields'), { pooling: 'max', std: [0, 1, 1], color: true });
    const message = await refusal(encoder);
    expect(message).toMatch(/pooling: /);
    expect(message).toMatch(/std: must be above 0/);
    expect(message).toMatch(/color/);
  });

  it('refuses a manifest that is not JSON', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{');
    expect(await refusal(path)).toMatch(/broken\.json is not JSON/);
  });

  it('names the file that is missing', async () => {
    const encoder = await writeTinyVit(join(folder, 'missing'));
    await unlink(join(encoder, 'model.onnx'));
    expect(await refusal(encoder)).toMatch(/model\.onnx .*is missing: put it there/);
  });

  it('refuses a file with another hash', async () => {
    const encoder = await writeTinyVit(join(folder, 'hash'), { sha256: 'a'.repeat(64) });
    expect(await refusal(encoder)).toMatch(
      /has SHA-256 [0-9a-f]{64}, but its manifest has a{64}: download the file again/,
    );
  });
});
