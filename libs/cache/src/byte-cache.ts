import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { ByteCache } from '@pentimento/contracts';
import writeFileAtomic from 'write-file-atomic';

export interface ByteCacheOptions {
  folder: string;
  /** Maximum bytes of all entries together; 0 keeps nothing. Each process that uses the folder may exceed it by a sixteenth. */
  maxBytes: number;
  /** Milliseconds since the epoch. Default: Date.now. */
  now?: () => number;
}

const hashBytes = 32;
/** How much a process writes, as a share of the bound, before it measures again what others have written. */
const shareBetweenSweeps = 1 / 16;
/** How much a sweep keeps, as a share of the bound, so that the next write does not sweep again. */
const shareKept = 0.9;
/** A temporary file that is older than this belongs to a process that was killed. */
const abandonedMs = 10 * 60_000;
const statsAtOnce = 32;

/**
 * A cache of bytes in files, `ab/abcd…` by the SHA-256 of the key, for any number of processes at the same time. An entry is
 * its checksum and its bytes, so an entry that a crash or a disk has damaged is a miss. Beyond the bound, the least recently
 * used entries are removed. Only the owner can read the files.
 */
export function createByteCache(options: ByteCacheOptions): ByteCache {
  return new FileCache(options);
}

class FileCache implements ByteCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** Bytes that were there at the last sweep, and bytes that this process has written since. */
  #swept: number | undefined;
  #written = 0;
  #sweeping: Promise<void> | undefined;

  constructor({ folder, maxBytes, now = Date.now }: ByteCacheOptions) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const name = nameOf(key);
    const path = this.#pathOf(name);
    const entry = await readFile(path).catch(() => undefined);
    if (!entry) return undefined;
    const bytes = entry.subarray(hashBytes);
    if (!entry.subarray(0, hashBytes).equals(checksum(name, bytes))) {
      await rm(path, { force: true }).catch(() => undefined);
      return undefined;
    }
    const used = this.#now() / 1000;
    await utimes(path, used, used).catch(() => undefined);
    return bytes;
  }

  async set(key: string, bytes: Uint8Array): Promise<void> {
    const size = bytes.length + hashBytes;
    if (size > this.#maxBytes) return;
    try {
      await this.#write(nameOf(key), bytes);
      this.#written += size;
      if (this.#isSweepDue()) await this.#sweepOnce();
    } catch {
      // A full or read-only disk only makes the cache useless.
    }
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(name);
    const used = this.#now() / 1000;
    await this.#makeFolder(join(path, '..'));
    await writeFileAtomic(path, Buffer.concat([checksum(name, bytes), bytes]), { mode: 0o600, fsync: false });
    await utimes(path, used, used);
  }

  /** `chmod` as well, because the process's umask limits the mode of `mkdir`. */
  async #makeFolder(folder: string): Promise<void> {
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) await chmod(this.#folder, 0o700);
  }

  #isSweepDue(): boolean {
    if (this.#swept === undefined) return true;
    return this.#swept + this.#written > this.#maxBytes || this.#written > this.#maxBytes * shareBetweenSweeps;
  }

  #sweepOnce(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    this.#written = 0;
    const entries = (await this.#list()).toSorted((a, b) => a.usedAt - b.usedAt);
    let total = entries.reduce((sum, { size }) => sum + size, 0);
    if (total > this.#maxBytes) {
      for (const { path, size } of entries) {
        if (total <= this.#maxBytes * shareKept) break;
        await rm(path, { force: true });
        total -= size;
      }
    }
    this.#swept = total;
  }

  /** Every entry. Also removes the temporary files of killed processes. */
  async #list(): Promise<{ path: string; size: number; usedAt: number }[]> {
    const found: { path: string; size: number; usedAt: number }[] = [];
    const paths = (await readdir(this.#folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const look = async () => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
        const file = await stat(path).catch(() => undefined);
        if (!file) continue;
        if (!isTemporary(path)) found.push({ path, size: file.size, usedAt: file.mtimeMs });
        else if (file.mtimeMs < Date.now() - abandonedMs) await rm(path, { force: true });
      }
    };
    await Promise.all(Array.from({ length: statsAtOnce }, look));
    return found;
  }

  #pathOf(name: string): string {
    return join(this.#folder, name.slice(0, 2), name);
  }
}

/** A temporary file has the name of its entry with an extension. */
const isTemporary = (path: string): boolean => extname(path) !== '';

const nameOf = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Covers the name, so that a file that was copied to another name does not match. */
const checksum = (name: string, bytes: Uint8Array): Buffer => createHash('sha256').update(name).update(bytes).digest();
