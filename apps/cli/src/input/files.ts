import { uploadLimits } from '@pentimento/contracts';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../terminal/cli-error.ts';
import type { Terminal } from '../terminal/terminal.ts';

const megabyte = 1024 * 1024;

/** A file's bytes, or those of standard input for `-`. `what` names it in errors: "The image", "The code". */
async function readBytes(
  path: string,
  what: string,
  limit: number,
  terminal?: Terminal,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (path === '-' && terminal) return await terminal.input(limit);
    const { size } = await stat(path);
    if (size > limit) {
      throw new CliError(
        `${what} ${path} has ${(size / megabyte).toFixed(1)} MB and may have ${limit / megabyte} MB: take a smaller one.`,
      );
    }
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof RangeError) throw new CliError(`${what} may have ${limit / megabyte} MB: send less.`);
    throw new CliError(`${what} ${path} cannot be read: ${reason(error)}.`, { cause: error });
  }
}

export const readImage = (path: string) => readBytes(path, 'The image', uploadLimits.bytes);

/** Code of a file, or of standard input for `-`. */
export const readCode = (path: string, terminal?: Terminal) =>
  readText(path, 'The code', uploadLimits.codeBytes, terminal);

/** Text of a file, or of standard input for `-`. Throws a CliError where the bytes are not UTF-8. */
export async function readText(path: string, what: string, limit: number, terminal?: Terminal): Promise<string> {
  const bytes = await readBytes(path, what, limit, terminal);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError(`${what} ${path} is not UTF-8 text: give a text file.`, { cause });
  }
}

export async function save(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw fileError(path, 'written', error);
  }
}

/** Undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What keeps a file from being read or written, in one sentence. */
export const fileError = (path: string, what: 'read' | 'written', cause: unknown): CliError =>
  new CliError(`${path} cannot be ${what}: ${reason(cause)}.`, { cause });

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return reasons[code] ?? (error as Error).message;
}
