import { rm } from 'node:fs/promises';
import { makeOwnFolder } from './own-folder.ts';
import type { Program, RunningProgram } from './program.ts';
import type { SandboxLauncher } from './sandbox-launcher.ts';

/**
 * Starts a program with a folder to write to: in a sandbox its own /tmp, otherwise a new folder below `parent`, named after its use
 * and removed when the program has ended.
 */
export async function startWithFolder(
  launcher: SandboxLauncher,
  parent: string,
  use: string,
  program: (folder: string, isSandboxed: boolean) => Program,
): Promise<RunningProgram> {
  const { isolation } = await launcher.isolation();
  if (isolation === 'sandbox') return launcher.start(program('/tmp', true));
  const folder = await makeOwnFolder(parent, use);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  try {
    const running = await launcher.start(program(folder, false));
    return { ...running, ended: running.ended.finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}
