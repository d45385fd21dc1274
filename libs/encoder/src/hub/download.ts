import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HubError } from './errors.ts';
import { openFile, TransientError, type FileAddress, type RemoteFile } from './request.ts';
import type { HubSettings } from './settings.ts';

/** Consecutive tries without progress before a download fails. */
const maxStalledTries = 5;

export interface Download {
  address: FileAddress;
  remote: RemoteFile;
  /** The file to write; its folder is created too. */
  to: string;
}

export interface Progress {
  file: string;
  bytes: number;
  totalBytes: number;
}

export interface DownloadOptions {
  signal: AbortSignal;
  /** Called with the progress of the file on the disk. */
  onProgress?: (progress: Progress) => void;
  /** Waits before the next try; `tries` counts from 1. */
  pause: (tries: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Downloads a file, resuming where an earlier try or process stopped, and moves it to its path once its hash is right.
 * Throws `HubError`, `TransientError` where the network keeps failing, and the signal's reason; what was downloaded is kept for the next
 * time, unless its hash is wrong.
 */
export async function download(work: Download, settings: HubSettings, options: DownloadOptions): Promise<void> {
  const { remote, to } = work;
  const partial = join(dirname(to), `.${work.address.file}.${remote.hash.slice(0, 16)}.partial`);
  await mkdir(dirname(to), { recursive: true });
  await downloadAll(work, partial, settings, options);
  if (!(await isWhole(partial, remote, options.signal))) {
    await rm(partial, { force: true });
    throw new HubError(`${work.address.file} has another hash than the hub states: run the command again.`);
  }
  await rename(partial, to);
}

async function downloadAll(
  work: Download,
  partial: string,
  settings: HubSettings,
  options: DownloadOptions,
): Promise<void> {
  const { bytes: totalBytes } = work.remote;
  let downloaded = await bytesOf(partial);
  for (let stalled = 0; downloaded !== totalBytes;) {
    if (downloaded > totalBytes) await rm(partial, { force: true });
    const before = downloaded > totalBytes ? 0 : downloaded;
    const error = await downloadSome(work, partial, before, settings, options);
    downloaded = await bytesOf(partial);
    stalled = downloaded > before ? 0 : stalled + 1;
    if (stalled === maxStalledTries) throw error ?? new TransientError(`${settings.endpoint.host} sends nothing`);
    if (error && downloaded !== totalBytes) await options.pause(stalled + 1, options.signal);
  }
}

/** One request; a transient error is returned, since what came before it is kept. */
async function downloadSome(
  { address, remote }: Download,
  partial: string,
  from: number,
  settings: HubSettings,
  { signal, onProgress }: DownloadOptions,
): Promise<TransientError | undefined> {
  try {
    const response = await openFile(address, from, settings, signal);
    const start = startOf(response, from);
    if (start === undefined) {
      await response.body?.cancel();
      await rm(partial, { force: true });
      return new TransientError(`${settings.endpoint.host} does not resume ${address.file} where it ended`);
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
    if (error instanceof TransientError) return error;
    if (error instanceof HubError) throw error;
    if (isDiskError(error)) throw unwritable(partial, error);
    return new TransientError(`The connection to ${settings.endpoint.host} broke`, { cause: error });
  }
}

/** The offset in the file at which a response starts; undefined where it is not the requested part. */
function startOf({ status, headers }: Response, from: number): number | undefined {
  if (status === 200) return 0;
  const range = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '');
  return status === 206 && Number(range?.[1]) === from ? from : undefined;
}

async function tooLong({ file }: FileAddress, partial: string): Promise<HubError> {
  await rm(partial, { force: true });
  return new HubError(`${file} is longer than the hub states: run the command again.`);
}

export function unwritable(path: string, cause: unknown): HubError {
  const remedy = 'free some space, or set PENTIMENTO_HOME to a folder of your own';
  return new HubError(`${path} cannot be written: ${remedy}.`, { cause });
}

/** An error of the disk, not of the network. */
function isDiskError(error: unknown): boolean {
  return ['ENOSPC', 'EACCES', 'EROFS', 'EIO', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** Whether a file exists with the hub's size and hash: SHA-256 of large files, Git's SHA-1 of small ones. */
export async function isWhole(
  path: string,
  { hash: expected, bytes }: RemoteFile,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await bytesOf(path)) !== bytes) return false;
  const git = expected.length === 40;
  const hash = createHash(git ? 'sha1' : 'sha256');
  if (git) hash.update(`blob ${bytes}\0`);
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex') === expected;
}
