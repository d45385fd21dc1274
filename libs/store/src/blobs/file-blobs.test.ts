import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileBlobs } from './file-blobs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

describe('file blobs', () => {
  it('are found by the SHA-256 of their bytes, also the empty one', async () => {
    const blobs = createFileBlobs(folder);
    for (const bytes of [randomBytes(100_000), new Uint8Array()]) {
      const id = await blobs.put(bytes);
      expect(id).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(await blobs.has(id)).toBe(true);
      expect(Buffer.compare((await blobs.get(id))!, bytes)).toBe(0);
    }
  });

  it('are stored once when many put them at once, with nothing left beside', async () => {
    const blobs = createFileBlobs(folder);
    const bytes = randomBytes(10_000);
    const ids = await Promise.all(Array.from({ length: 20 }, () => blobs.put(bytes)));
    expect((await files()).map((file) => file.name)).toEqual([ids[0]]);
  });

  it('are null where there are none', async () => {
    const blobs = createFileBlobs(join(folder, 'not', 'made'));
    expect(await blobs.get('0'.repeat(64))).toBeNull();
    expect(await blobs.has('0'.repeat(64))).toBe(false);
  });

  it('are refused once their bytes have changed', async () => {
    const blobs = createFileBlobs(folder);
    const id = await blobs.put(randomBytes(10));
    const [file] = await files();
    await writeFile(join(file!.parentPath, file!.name), 'something else');
    await expect(blobs.get(id)).rejects.toThrow(/no longer holds what was stored/);
  });

  it('have no name that could lead out of the folder', async () => {
    const blobs = createFileBlobs(folder);
    await expect(blobs.get('../../../../etc/passwd')).rejects.toThrow(/64 lower-case hex digits/);
    await expect(blobs.has('A'.repeat(64))).rejects.toThrow(/64 lower-case hex digits/);
  });

  it('say what to do where they cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createFileBlobs(join(folder, 'file')).put(randomBytes(3))).rejects.toThrow(/make room|write access/);
  });
});
