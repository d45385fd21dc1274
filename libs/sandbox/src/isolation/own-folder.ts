import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a folder below `parent` named after its use and this process. Removes those of processes that no longer exist. */
export async function makeOwnFolder(parent: string, use: string): Promise<string> {
  const ofUse = new RegExp(`^pentimento-${use}-(\\d+)-`);
  for (const name of await readdir(parent)) {
    const owner = ofUse.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    // The folder of another account may be impossible to remove.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(parent, `pentimento-${use}-${process.pid}-`));
}
