import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FilePart } from '@pentimento/client';
import type { ExportFile } from '@pentimento/contracts';
import { fileError } from '../input/files.ts';
import { CliError } from '../terminal/cli-error.ts';

/** Content that is not what the server lists. */
export class DamagedContentError extends CliError {}

/** Reads a file of the export from a byte on. */
export type ReadFrom = (start: number) => Promise<FilePart>;

/** Whether the file is there with the content that the export lists. */
export async function isWhole(path: string, { bytes, sha256 }: ExportFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === bytes && (await hashOf(path)).digest('hex') === sha256;
}

/**
 * Fetches a file under its name with `.partial`, after what is there of it, and gives it its name once it is whole and safe on disk. Rejects
 * with a DamagedContentError where its SHA-256 is not the listed one; then nothing of it is kept.
 */
export async function fetchFile(path: string, file: ExportFile, readFrom: ReadFrom): Promise<void> {
  const partial = `${path}.partial`;
  await onDisk(path, () => mkdir(dirname(path), { recursive: true }));
  const hash = await append(partial, file, readFrom);
  if (hash.digest('hex') !== file.sha256) {
    await rm(partial, { force: true });
    throw new DamagedContentError(
      `${file.path} did not arrive as the server lists it: try again, and if it stays so, export again.`,
    );
  }
  await onDisk(path, () => rename(partial, path));
}

/** Completes the file and returns the hash of all of it. */
async function append(partial: string, { bytes }: ExportFile, readFrom: ReadFrom): Promise<Hash> {
  const there = (await stat(partial).catch(() => undefined))?.size ?? 0;
  const wanted = there <= bytes ? there : 0;
  // A file that is whole already is only checked.
  const { start, content } = wanted === bytes && bytes > 0 ? { start: wanted, content: [] } : await readFrom(wanted);
  const hash = start > 0 ? await hashOf(partial) : createHash('sha256');
  const file = await onDisk(partial, () => open(partial, start > 0 ? 'a' : 'w'));
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      await onDisk(partial, () => file.writeFile(chunk));
    }
    await onDisk(partial, () => file.sync());
  } finally {
    await file.close();
  }
  return hash;
}

async function hashOf(path: string): Promise<Hash> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash;
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(path, 'written', error);
  }
}
