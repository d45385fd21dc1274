import { uploadLimits } from '@pentimento/contracts';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from './fault.ts';

const megabyte = 1024 * 1024;

/** A file's bytes. `what` names it in faults: "The image", "The code". */
async function readBytes(path: string, what: string, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await stat(path);
    if (size > limit) {
      throw new Fault(
        `${what} ${path} has ${(size / megabyte).toFixed(1)} MB and may have ${limit / megabyte} MB: take a smaller one.`,
      );
    }
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(`${what} ${path} cannot be read: ${reason(error)}.`, { cause: error });
  }
}

export const readImage = (path: string) => readBytes(path, 'The image', uploadLimits.bytes);

/** Code as text. Bytes that are no UTF-8 are a fault, not question marks. */
export async function readCode(path: string): Promise<string> {
  const bytes = await readBytes(path, 'The code', uploadLimits.codeBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Fault(`The code ${path} is not UTF-8 text: give the source file.`, { cause });
  }
}

export async function save(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (error) {
    throw new Fault(`${path} cannot be written: ${reason(error)}.`, { cause: error });
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
};

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return reasons[code] ?? (error as Error).message;
}
