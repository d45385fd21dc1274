import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** Where the running server of a home is found. Readable by its owner only: the database's password is in it. */
const serverFileSchema = z.object({
  pid: z.number().int(),
  url: z.string(),
  databaseUrl: z.string(),
  startedAt: z.iso.datetime(),
});
export type ServerFile = z.infer<typeof serverFileSchema>;

export async function writeServerFile(path: string, server: ServerFile): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify(server)}\n`, { mode: 0o600 });
  await rename(partial, path);
}

/** Undefined where no server wrote one, or what is there cannot be read. */
export async function readServerFile(path: string): Promise<ServerFile | undefined> {
  try {
    return serverFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

export const removeServerFile = (path: string): Promise<void> => rm(path, { force: true });
