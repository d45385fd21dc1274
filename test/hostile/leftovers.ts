import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { canaryRun } from './canary.ts';
import { allProcesses, commandOf } from './processes.ts';

const roots = ['/', '/usr', '/var', '/var/tmp', '/home', homedir(), '/tmp', '/run', '/dev/shm', process.cwd()];

/** One folder of each file system among them: `find` stays within one. */
const fileSystems = [...new Map(roots.toReversed().map((root) => [statSync(root).dev, root])).values()];
const deepest = 5;

/** Files anywhere on this machine that hostile programs of this run have written, by the name that they give them. */
export async function filesLeft(): Promise<string[]> {
  const unread = ['(', '-path', '/proc', '-o', '-path', '/sys', '-o', '-name', 'node_modules', ')', '-prune'];
  const named = ['-name', `pentimento-mark-${canaryRun}-*`, '-print'];
  const args = [...fileSystems, '-maxdepth', String(deepest), '-xdev', ...unread, '-o', ...named];
  // It ends with 1 where it may not read a folder, or where one goes away meanwhile.
  const { stdout } = await promisify(execFile)('find', args).catch((error: { stdout: string }) => error);
  return [...new Set(stdout.split('\n').filter(Boolean))].sort();
}

/** Processes that were given a secret of a canary of this run. */
export const processesLeft = (): string[] => allProcesses().filter(knowsSecret).map(commandOf);

function knowsSecret(pid: number): boolean {
  try {
    return pid !== process.pid && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`canary-${canaryRun}-`);
  } catch {
    return false;
  }
}
