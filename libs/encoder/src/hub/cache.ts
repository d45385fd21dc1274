import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HubSettings } from './settings.ts';

/** A model that the hub's own tools have downloaded. */
export interface Snapshot {
  folder: string;
  commit: string;
}

/**
 * The snapshot of a model in the hub's cache that has all `files`, or undefined. Layout:
 * `models--OWNER--NAME/refs/REVISION` names the commit, `snapshots/COMMIT/FILE` links to `blobs/HASH`.
 */
export async function findSnapshot(
  repository: string,
  revision: string,
  files: readonly string[],
  { cache }: HubSettings,
): Promise<Snapshot | undefined> {
  const model = join(cache, `models--${repository.replaceAll('/', '--')}`);
  const named = await readFile(join(model, 'refs', revision), 'utf8').catch(() => revision);
  const commit = named.trim();
  const folder = join(model, 'snapshots', commit);
  const found = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => undefined)));
  return found.every((file) => file?.isFile()) ? { folder, commit } : undefined;
}

/** The SHA-256 by which the cache names a large file; undefined for a copy that is no link into it. */
export async function blobHash(path: string): Promise<string | undefined> {
  const name = basename(await realpath(path));
  return /^[0-9a-f]{64}$/.test(name) ? name : undefined;
}
