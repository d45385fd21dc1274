import { rm } from 'node:fs/promises';
import type { Keeper } from './keeper.ts';
import { makeOwnFolder } from './own-folder.ts';
import type { Program, Running } from './program.ts';

/**
 * Starts a program with a folder to write to: in the sandbox its own /tmp; without one a new folder below `parent`, named for its
 * use, that goes when the program has ended.
 */
export async function startWithFolder(
  keeper: Keeper,
  parent: string,
  use: string,
  program: (folder: string, isWalled: boolean) => Program,
): Promise<Running> {
  const { isolation } = await keeper.isolated();
  if (isolation === 'sandbox') return keeper.start(program('/tmp', true));
  const folder = await makeOwnFolder(parent, use);
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  try {
    const running = await keeper.start(program(folder, false));
    return { ...running, ended: running.ended.finally(clear) };
  } catch (error) {
    await clear();
    throw error;
  }
}
