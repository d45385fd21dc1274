import { readFile, rm } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** How to reach the running server of a home. Readable by its owner only: the database's URL has a password. */
const serverFileSchema = z.object({
  pid: z.number().int(),
  url: z.string(),
  databaseUrl: z.string(),
  startedAt: z.iso.datetime(),
});
export type ServerFile = z.infer<typeof serverFileSchema>;

export async function writeServerFile(path: string, server: ServerFile): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

/** Undefined where there is no readable file. */
export async function readServerFile(path: string): Promise<ServerFile | undefined> {
  try {
    return serverFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

export const removeServerFile = (path: string): Promise<void> => rm(path, { force: true });
