import { mkdir, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import type { Settings } from '../settings/settings.ts';
import { StartError } from '../settings/start-error.ts';

/**
 * Makes the home, and the folders in it that no other account may enter. A new home can be passed through, because the database server of
 * root has an account of its own, but not listed. An existing home keeps its mode: it may hold other things too.
 */
export async function makePrivateFolders({ home, folders }: Pick<Settings, 'home' | 'folders'>): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o711 });
    for (const folder of [folders.blobs, folders.cache, folders.exports, folders.results]) await makePrivate(folder);
  } catch (cause) {
    throw new StartError(
      `${home} cannot be written (${(cause as Error).message}): set PENTIMENTO_HOME to a folder that you may write to.`,
      { cause },
    );
  }
}

/** Leaves a folder of another account as it is. */
async function makePrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const { uid, mode } = await handle.stat();
    if (uid === process.geteuid?.() && (mode & 0o077) !== 0) await handle.chmod(0o700);
  } finally {
    await handle.close();
  }
}
