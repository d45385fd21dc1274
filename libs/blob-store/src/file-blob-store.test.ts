import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from './blob-store.ts';
import { describeBlobStore } from './testing/blob-store-contract.ts';
import { FileBlobStore } from './file-blob-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

describeBlobStore('a folder', async () => {
  const path = join(folder, 'not', 'there', 'yet');
  return { store: new FileBlobStore(path), another: new FileBlobStore(path), close: async () => {} };
});

describe('a folder of blobs', () => {
  it('has each blob as a file in two levels of subfolders', async () => {
    const content = randomBytes(10);
    const id = sha256(content);
    await new FileBlobStore(folder).put(id, Readable.from([content]));
    expect(await readdir(join(folder, id.slice(0, 2), id.slice(2, 4)))).toEqual([id]);
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
  });

  it('names the remedy if it cannot be written to', async () => {
    await writeFile(join(folder, 'file'), '');
    const content = randomBytes(3);
    const putting = new FileBlobStore(join(folder, 'file')).put(sha256(content), Readable.from([content]));
    await expect(putting).rejects.toThrow(/free some space or give write access/);
  });

  it('loses the leftovers of killed writers when it is cleaned, and lists none of them', async () => {
    await mkdir(join(folder, 'incoming'));
    for (const name of ['old', 'new']) await writeFile(join(folder, 'incoming', name), 'half');
    await utimes(join(folder, 'incoming', 'old'), 1, 1);
    const store = new FileBlobStore(folder);
    await store.clean(new Date(Date.now() - 60_000));
    expect(await readdir(join(folder, 'incoming'))).toEqual(['new']);
    expect(await Readable.from(store.list()).toArray()).toEqual([]);
  });
});
