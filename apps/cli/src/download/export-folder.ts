import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { exportIdSchema } from '@pentimento/contracts';
import { z } from 'zod';
import { fileError, parseJson, readText, save } from '../input/files.ts';
import { CliError } from '../terminal/cli-error.ts';

/** Says which export a folder holds. It begins with a dot, so that loaders of whole folders pass it over. */
const markerName = '.pentimento-export.json';
const markerSchema = z.object({ id: exportIdSchema });
const maxMarkerBytes = 10_000;

/** Throws a CliError with what to do where the folder holds anything but files of the export; of none where `id` is undefined. */
export async function checkFolder(folder: string, id: string | undefined): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw fileError(folder, 'read', error);
  });
  if (names.length === 0) return;
  const held = names.includes(markerName) ? await readMarker(folder) : undefined;
  if (held === undefined) {
    throw new CliError(`${folder} holds other files: name an empty or a new folder with --out.`);
  }
  if (held !== id) {
    throw new CliError(
      `${folder} holds the export ${held}: continue that one with --id ${held}, or name another folder with --out.`,
    );
  }
}

async function readMarker(folder: string): Promise<string | undefined> {
  const text = await readText(join(folder, markerName), 'The file', maxMarkerBytes);
  return markerSchema.safeParse(parseJson(text)).data?.id;
}

export const markFolder = (folder: string, id: string): Promise<void> =>
  save(join(folder, markerName), `${JSON.stringify({ id })}\n`);

/** Where a file of the export goes. Throws a CliError for a path that leads out of the folder: a server is not trusted with that. */
export function pathIn(folder: string, path: string): string {
  const inside = !isAbsolute(path) && path.split('/').every((segment) => segment !== '' && segment !== '..');
  if (inside && !path.includes('\\') && !path.includes('\0')) return resolve(folder, path);
  throw new CliError(
    `The server names a file ${JSON.stringify(path)}, which would be outside of ${folder}: do not use it.`,
  );
}
