import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobId } from '@pentimento/contracts';
import type { BlobDriver } from '../types.ts';

/** Blobs as files under `folder`, named by their SHA-256: `ab/cd/abcd…`, so that no folder grows large. */
export function createFileBlobs(folder: string): BlobDriver {
  const pathOf = (id: BlobId): string => join(folder, id.slice(0, 2), id.slice(2, 4), checked(id));
  return {
    async put(bytes) {
      const id = sha256(bytes);
      const path = pathOf(id);
      if (!(await isFile(path))) await writeWhole(path, bytes);
      return id;
    },

    async get(id) {
      const bytes = await readFile(pathOf(id)).catch(absent);
      if (bytes && sha256(bytes) !== id) {
        throw new Error(
          `The file ${pathOf(id)} no longer holds what was stored: restore it from a backup, or delete it and store it again.`,
        );
      }
      return bytes;
    },

    async has(id) {
      return isFile(pathOf(id));
    },
  };
}

/** The bytes are on disk before the name is there: after a crash a name never stands for half a blob. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const half = join(folder, `.${randomUUID()}.half`);
  try {
    const made = await mkdir(folder, { recursive: true });
    await writeToDisk(half, bytes);
    await rename(half, path);
    await syncFolders(folder, made ? dirname(made) : folder);
  } catch (cause) {
    await rm(half, { force: true }).catch(() => {});
    throw new Error(`A blob cannot be written to ${folder}: make room or give write access there.`, { cause });
  }
}

async function writeToDisk(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the names in `folder`, and in each folder above it up to `top`, on disk. */
async function syncFolders(folder: string, top: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
  if (folder !== top) await syncFolders(dirname(folder), top);
}

const sha256 = (bytes: Uint8Array): BlobId => createHash('sha256').update(bytes).digest('hex');

/** An id becomes a path: anything else than an id must not. */
function checked(id: string): string {
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  throw new Error('A blob id is 64 lower-case hex digits (SHA-256).');
}

async function isFile(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
