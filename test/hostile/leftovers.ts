import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { promisify } from 'node:util';
import { canaryRun } from './canary.ts';
import { allProcesses, commandOf } from './processes.ts';

const roots = ['/', '/usr', '/var', '/var/tmp', '/home', homedir(), '/tmp', '/run', '/dev/shm', process.cwd()];

/** One folder of each file system: `find` does not leave the one that it starts in. */
const fileSystems = [...new Map(roots.toReversed().map((root) => [statSync(root).dev, root])).values()];
const maxDepth = 5;

/** Files anywhere on this machine with the name that hostile programs of this run give to what they write. */
export async function filesLeft(): Promise<string[]> {
  const unsearched = ['(', '-path', '/proc', '-o', '-path', '/sys', '-o', '-name', 'node_modules', ')', '-prune'];
  const named = ['-name', `pentimento-mark-${canaryRun}-*`, '-print'];
  const args = [...fileSystems, '-maxdepth', String(maxDepth), '-xdev', ...unsearched, '-o', ...named];
  // Its status is 1 if it may not read a folder, or if one is removed meanwhile.
  const { stdout } = await promisify(execFile)('find', args).catch((error: { stdout: string }) => error);
  return [...new Set(stdout.split('\n').filter(Boolean))].sort();
}

/** Processes whose environment has a secret of this run's canaries. */
export const processesLeft = (): string[] => allProcesses().filter(knowsSecret).map(commandOf);

function knowsSecret(pid: number): boolean {
  try {
    return pid !== process.pid && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`canary-${canaryRun}-`);
  } catch {
    return false;
  }
}
