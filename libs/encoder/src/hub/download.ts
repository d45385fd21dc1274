import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HubError } from './errors.ts';
import { openFile, PassingFault, type FileAddress, type RemoteFile } from './request.ts';
import type { HubSettings } from './settings.ts';

/** How often a download that gets no further is tried again. */
const mostFruitlessTries = 5;

export interface Download {
  address: FileAddress;
  remote: RemoteFile;
  /** The file to make; its folder is made too. */
  to: string;
}

export interface Progress {
  file: string;
  bytes: number;
  totalBytes: number;
}

export interface DownloadOptions {
  signal: AbortSignal;
  /** Told what lies on the disk. */
  onProgress?: (progress: Progress) => void;
  /** Waits before the next try, `tries` counting from 1. */
  pause: (tries: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Fetches a file, going on where an earlier try ended, also one of another day, and moves it to its place once its hash is right.
 * Throws `HubError`, `PassingFault` where the network kept failing, and the signal's reason; what was fetched is kept for the next
 * time, unless its hash is wrong.
 */
export async function download(work: Download, settings: HubSettings, options: DownloadOptions): Promise<void> {
  const { remote, to } = work;
  const partial = join(dirname(to), `.${work.address.file}.${remote.hash.slice(0, 16)}.partial`);
  await mkdir(dirname(to), { recursive: true });
  await fetchAll(work, partial, settings, options);
  if (!(await isWhole(partial, remote, options.signal))) {
    await rm(partial, { force: true });
    throw new HubError(`${work.address.file} came with another hash than the hub names: run the command again.`);
  }
  await rename(partial, to);
}

async function fetchAll(
  work: Download,
  partial: string,
  settings: HubSettings,
  options: DownloadOptions,
): Promise<void> {
  const { bytes: totalBytes } = work.remote;
  let there = await bytesOf(partial);
  for (let fruitless = 0; there !== totalBytes;) {
    if (there > totalBytes) await rm(partial, { force: true });
    const before = there > totalBytes ? 0 : there;
    const fault = await fetchSome(work, partial, before, settings, options);
    there = await bytesOf(partial);
    fruitless = there > before ? 0 : fruitless + 1;
    if (fruitless === mostFruitlessTries) throw fault ?? new PassingFault(`${settings.endpoint.host} sends nothing`);
    if (fault && there !== totalBytes) await options.pause(fruitless + 1, options.signal);
  }
}

/** One request's worth; a fault that may pass is returned, since what came before it is kept. */
async function fetchSome(
  { address, remote }: Download,
  partial: string,
  from: number,
  settings: HubSettings,
  { signal, onProgress }: DownloadOptions,
): Promise<PassingFault | undefined> {
  try {
    const response = await openFile(address, from, settings, signal);
    const start = startOf(response, from);
    if (start === undefined) {
      await response.body?.cancel();
      await rm(partial, { force: true });
      return new PassingFault(`${settings.endpoint.host} does not go on where ${address.file} ended`);
    }
    let bytes = start;
    await using file = await open(partial, start === 0 ? 'w' : 'a');
    for await (const chunk of response.body ?? []) {
      if (bytes + chunk.length > remote.bytes) throw await tooLong(address, partial);
      await file.writeFile(chunk);
      bytes += chunk.length;
      onProgress?.({ file: address.file, bytes, totalBytes: remote.bytes });
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PassingFault) return error;
    if (error instanceof HubError) throw error;
    if (isOwnFault(error)) throw unwritable(partial, error);
    return new PassingFault(`The connection to ${settings.endpoint.host} broke`, { cause: error });
  }
}

/** Where the content of an answer begins in the file; undefined where it is of no use. */
function startOf({ status, headers }: Response, from: number): number | undefined {
  if (status === 200) return 0;
  const range = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '');
  return status === 206 && Number(range?.[1]) === from ? from : undefined;
}

async function tooLong({ file }: FileAddress, partial: string): Promise<HubError> {
  await rm(partial, { force: true });
  return new HubError(`${file} came longer than the hub says it is: run the command again.`);
}

export function unwritable(path: string, cause: unknown): HubError {
  const remedy = 'free some space, or set PENTIMENTO_HOME to a folder of your own';
  return new HubError(`${path} cannot be written: ${remedy}.`, { cause });
}

/** The disk's, not the network's. */
function isOwnFault(error: unknown): boolean {
  return ['ENOSPC', 'EACCES', 'EROFS', 'EIO', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Whether a file is there with the hub's size and hash. Large files are named by SHA-256, small ones by the hash that Git gives. */
export async function isWhole(
  path: string,
  { hash: wanted, bytes }: RemoteFile,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await bytesOf(path)) !== bytes) return false;
  const git = wanted.length === 40;
  const hash = createHash(git ? 'sha1' : 'sha256');
  if (git) hash.update(`blob ${bytes}\0`);
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex') === wanted;
}
