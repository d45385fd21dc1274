import { existsSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a folder below `parent` named after its use and this process, which no other account can enter. Removes those of processes that no
 * longer exist. `parent` may be shared, as /tmp is.
 */
export async function makeOwnFolder(parent: string, use: string): Promise<string> {
  const ofUse = new RegExp(`^pentimento-${use}-(\\d+)-`);
  for (const name of await readdir(parent)) {
    const owner = ofUse.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    const folder = join(parent, name);
    if (await isPrivate(folder)) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(parent, `pentimento-${use}-${process.pid}-`));
}

/**
 * Whether it is a folder of this account that no other one can enter. Only then can no one swap a part of it for a link while it is
 * removed, which would delete files elsewhere: /tmp is sticky, so that the folder itself cannot be swapped either.
 */
async function isPrivate(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & 0o077) === 0;
}
