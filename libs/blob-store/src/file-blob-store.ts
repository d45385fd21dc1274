import { access, mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { BlobId } from '@pentimento/contracts';
import { v4 as uuid } from 'uuid';
import { BlobMismatchError, BlobNotFoundError, checkedId, isBlobId, verified } from './blob-store.ts';
import type { BlobStore, ByteRange, StoredBlob } from './blob-store.ts';

/** Subfolder of files that are being written: on the same file system as the blobs, so that a rename is atomic. */
const incoming = 'incoming';

const privateFolder = { recursive: true, mode: 0o700 } as const;

/** Blobs as files under `folder`: `ab/cd/abcd…`, so that no folder grows large. Folders are created when they are needed, for this account only. */
export class FileBlobStore implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(id: BlobId, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#pathOf(id);
    if (await exists(path)) return;
    const temporary = join(this.#folder, incoming, uuid());
    try {
      await mkdir(dirname(temporary), privateFolder);
      await writeToDisk(temporary, verified(id, content));
      await publish(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {});
      if (cause instanceof BlobMismatchError) throw cause;
      throw new Error(
        `A blob cannot be written to ${this.#folder}: free some space or give write access to the folder.`,
        { cause },
      );
    }
  }

  async get(id: BlobId, range?: ByteRange): Promise<Readable> {
    const path = this.#pathOf(id);
    try {
      const file = await open(path);
      return file.createReadStream(range);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobNotFoundError(id);
      throw error;
    }
  }

  async has(id: BlobId): Promise<boolean> {
    return exists(this.#pathOf(id));
  }

  async delete(id: BlobId): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  async *list(): AsyncGenerator<StoredBlob> {
    if (!(await exists(this.#folder))) return;
    for await (const entry of await opendir(this.#folder, { recursive: true })) {
      if (!entry.isFile() || !isBlobId(entry.name)) continue;
      const file = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
      if (file) yield { id: entry.name, bytes: file.size, modifiedAt: file.mtime };
    }
  }

  async clean(olderThan: Date): Promise<void> {
    const folder = join(this.#folder, incoming);
    for (const name of await readdir(folder).catch(() => [])) {
      const file = await stat(join(folder, name)).catch(() => undefined);
      if (file && file.mtime < olderThan) await rm(join(folder, name), { force: true });
    }
  }

  #pathOf(id: BlobId): string {
    return join(this.#folder, id.slice(0, 2), id.slice(2, 4), checkedId(id));
  }
}

async function writeToDisk(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The bytes are on disk before the name is: after a crash of the machine, a name never stands for part of a blob. */
async function publish(temporary: string, path: string): Promise<void> {
  const folder = dirname(path);
  const created = await mkdir(folder, privateFolder);
  await rename(temporary, path);
  await syncFolders(folder, created ? dirname(created) : folder);
}

/** Flushes the names in `folder`, and in each folder above it up to `top`, to disk. */
async function syncFolders(folder: string, top: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
  if (folder !== top) await syncFolders(dirname(folder), top);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return false;
    throw error;
  }
}
