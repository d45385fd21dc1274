import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findExecutable } from '../../libs/sandbox/src/isolation/executable.ts';

const run = promisify(execFile);
const checkout = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bubblewrap's arguments for running hostile programs without the product's sandbox: the machine's files are read-only, and the
 * folders for temporary files are empty and in memory. No other processes, no privileges. Everything ends with the first program.
 */
const wallArguments = [
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
  ...['/tmp', '/var/tmp', '/run', '/dev/shm'].flatMap((folder) => ['--perms', '1777', '--tmpfs', folder]),
  // Root may write these without any capability.
  ...['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus'].flatMap((path) => ['--ro-bind-try', path, path]),
  // In case it is in one of these.
  ...['--ro-bind', checkout, checkout],
  ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
  ...['--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--chdir', checkout],
];

/** Path of bubblewrap; undefined where this machine has none. */
export const bubblewrap = findExecutable(['bwrap'], undefined);

/**
 * Runs a program of this folder behind the outer wall, and resolves with what it prints.
 *
 * @param network `none` leaves it a loopback interface of its own.
 */
export async function runBehindOuterWall(
  program: string,
  args: string[],
  network: 'none' | 'of the machine' = 'none',
): Promise<string> {
  if (!bubblewrap) throw new Error('bubblewrap is not installed.');
  const file = fileURLToPath(new URL(program, import.meta.url));
  const options = [...wallArguments, ...(network === 'none' ? ['--unshare-net'] : [])];
  const { stdout } = await run(bubblewrap, [...options, '--', process.execPath, file, ...args], {
    timeout: 120_000,
  });
  return stdout;
}
