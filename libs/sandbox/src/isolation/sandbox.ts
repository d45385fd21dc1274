import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { seccompFilter } from './seccomp.ts';
import type { CgroupParent } from './cgroup-parent.ts';
import { start, type Program, type RunningProgram, type StartOptions } from './program.ts';

/**
 * How this account enters a sandbox in which no program is root.
 * - `own-user`: an ordinary user, in a user namespace.
 * - `drop-first`: root changes to another user before bubblewrap starts. The program's files must be readable by others.
 * - `drop-inside`: bubblewrap mounts as root, and changes to another user before the program starts. Works below folders that
 *   only root may enter, and needs CAP_SYS_ADMIN.
 * - `mapped-root`: root of a user namespace without any capability, for a root that may not change its user.
 */
export type EntryMethod = 'own-user' | 'drop-first' | 'drop-inside' | 'mapped-root';

/** The methods to try, the best first. */
export const entryMethods = (isRoot: boolean): EntryMethod[] =>
  isRoot ? ['drop-first', 'drop-inside', 'mapped-root'] : ['own-user'];

/** Read-only in every sandbox: programs, libraries and fonts. /usr/local and /usr/src are left out: they may hold private work. */
const systemFolders = [
  '/usr/bin',
  '/usr/lib',
  '/usr/lib32',
  '/usr/lib64',
  '/usr/libexec',
  '/usr/share',
  '/usr/local/share/fonts',
  '/etc/fonts',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/var/cache/fontconfig',
];
const rootLinks = ['/bin', '/lib', '/lib32', '/lib64', '/sbin'];

/** Where programs see their own files. The host has nothing there. */
export const sandboxFolder = '/pentimento';

export interface SandboxConfig {
  bubblewrap: string;
  entry: EntryMethod;
}

/** Where the control groups of programs are made; null where there is no such place. */
type Cgroups = CgroupParent | null;

/** User and group id of a program: a number without an account, different for programs that run at the same time. */
export type UserId = number;

/** Starts a program in a sandbox: no network, no files but its own, no other processes, no privileges, and limits on resources. */
export function startInSandbox(
  program: Program,
  config: SandboxConfig,
  user: UserId,
  cgroups: Cgroups,
): RunningProgram {
  const filter = seccompFilter(program.systemCalls, process.arch);
  const filterDescriptor = 3 + program.extraPipes;
  const running = start(
    [
      ...(config.entry === 'drop-first' ? dropTo(user) : []),
      config.bubblewrap,
      ...namespaces(config.entry, program.createsNamespaces),
      ...mounts(program),
      ...Object.entries(program.environment).flatMap(([name, value]) => ['--setenv', name, value]),
      ...(filter ? ['--seccomp', String(filterDescriptor)] : []),
      '--',
      ...(config.entry === 'drop-inside' ? dropTo(user) : []),
      ...limitCommand(program),
      ...program.command((path) => toInside(program, path)),
    ],
    optionsOf(program, {}, program.extraPipes + (filter ? 1 : 0), cgroups),
  );
  if (filter) running.pipes.pop()!.end(filter);
  return running;
}

/** Starts a program with limits and without a sandbox: for trusted code only. */
export function startUnsandboxed(program: Program, prlimit: string | undefined, cgroups: Cgroups): RunningProgram {
  const command = program.command((path) => path);
  return start(
    prlimit ? [prlimit, ...limitArguments(program), ...command] : command,
    optionsOf(program, program.environment, program.extraPipes, cgroups),
  );
}

const optionsOf = (
  { limits }: Program,
  environment: Record<string, string>,
  pipeCount: number,
  cgroups: Cgroups,
): StartOptions => ({ environment, pipeCount, treeBytes: limits.treeBytes, cgroup: cgroups?.create(limits) ?? null });

function dropTo(user: UserId): string[] {
  return [
    '/usr/bin/setpriv',
    `--reuid=${user}`,
    `--regid=${user}`,
    '--clear-groups',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--no-new-privs',
  ];
}

function namespaces(entry: EntryMethod, createsNamespaces: boolean): string[] {
  const common = ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'];
  const guard = ['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox', '--cap-drop', 'ALL'];
  const keptForUserChange = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name]);
  if (entry === 'drop-inside') return [...common, ...guard, ...keptForUserChange];
  // The kernel requires this capability of a root that maps root into another namespace.
  const keptForMaps = entry === 'mapped-root' && createsNamespaces ? ['--cap-add', 'CAP_SETFCAP'] : [];
  return ['--unshare-user', ...common, ...guard, ...keptForMaps];
}

function mounts(program: Program): string[] {
  const binds = [...systemFolders.filter((path) => existsSync(path)).map((path) => [path, path]), ...program.readable];
  return [
    ...parentFolders(binds.map(([, inside]) => inside!)).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...binds.flatMap(([host, inside]) => ['--ro-bind', host!, inside!]),
    ...rootLinks.flatMap(sameRootLink),
    ...['--proc', '/proc', ...(program.createsNamespaces ? [] : ['--remount-ro', '/proc'])],
    // A shared mapping of /dev/zero is memory that a process can keep without having it mapped, so that no one can count it.
    ...['--dev', '/dev', '--dev-bind', '/dev/null', '/dev/zero'],
    ...['--perms', '1777', '--size', '1048576', '--tmpfs', '/dev/shm'],
    ...['--perms', '1777', '--size', String(program.limits.temporaryBytes), '--tmpfs', '/tmp'],
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/tmp'],
  ];
}

function sameRootLink(path: string): string[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  return stat.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** The folders above the given paths, outermost first. bubblewrap by itself would make them unreadable for others. */
function parentFolders(paths: string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/').slice(1, -1);
    parts.forEach((_, index) => folders.add('/' + parts.slice(0, index + 1).join('/')));
  }
  return [...folders].sort((a, b) => a.length - b.length);
}

function toInside(program: Program, hostPath: string): string {
  for (const [host, inside] of program.readable) {
    if (hostPath === host || hostPath.startsWith(`${host}/`)) return inside + hostPath.slice(host.length);
  }
  return hostPath;
}

function limitCommand(program: Program): string[] {
  return ['/usr/bin/prlimit', `--nproc=${program.limits.processes}`, ...limitArguments(program), '--'];
}

/** The limits that count for each process by itself. The limit on processes counts all of a user, so it needs a user of its own. */
function limitArguments({ limits }: Program): string[] {
  const perProcess = { core: 0, data: limits.dataBytes, fsize: limits.fileBytes, nofile: limits.openFiles };
  return [
    ...Object.entries(perProcess).map(([name, value]) => `--${name}=${value}`),
    ...(limits.addressBytes === null ? [] : [`--as=${limits.addressBytes}`]),
  ];
}
