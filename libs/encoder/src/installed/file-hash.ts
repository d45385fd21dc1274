import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { encodersFolder } from './encoder-paths.ts';

/** Smaller files are hashed faster than looked up. */
const minCachedBytes = 8 * 1024 * 1024;

const cachedHashSchema = z.object({ state: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * SHA-256 of a file's content, lower-case hex. With a home, the hash of a large file is stored under it and reused while the file's
 * size, inode and modification times stay the same, so that 1.2 GB of weights are not read at every start.
 */
export async function hashOfFile(path: string, home?: string, signal?: AbortSignal): Promise<string> {
  const real = await realpath(path);
  const state = await stateOf(real);
  const cachePath = home === undefined || state.bytes < minCachedBytes ? undefined : cachePathOf(home, real);
  const cached = cachePath === undefined ? undefined : await readCached(cachePath);
  if (cached?.state === state.text) return cached.sha256;
  const hash = createHash('sha256');
  await pipeline(createReadStream(real), hash, { signal });
  const sha256 = hash.digest('hex');
  // The hash of a file that changed meanwhile belongs to neither state.
  if (cachePath && (await stateOf(real)).text === state.text) await store(cachePath, { state: state.text, sha256 });
  return sha256;
}

async function stateOf(path: string): Promise<{ bytes: number; text: string }> {
  const { size, dev, ino, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return { bytes: Number(size), text: [size, dev, ino, mtimeNs, ctimeNs].join(' ') };
}

function cachePathOf(home: string, path: string): string {
  return join(encodersFolder(home), '.hashes', `${createHash('sha256').update(path).digest('hex')}.json`);
}

async function readCached(path: string): Promise<z.infer<typeof cachedHashSchema> | undefined> {
  try {
    return cachedHashSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A hash that cannot be stored is only computed again. */
async function store(path: string, cached: z.infer<typeof cachedHashSchema>): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, JSON.stringify(cached));
  } catch {
    return;
  }
}
