import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { seccompFilter } from './seccomp.ts';
import { start, type Program, type Running } from './program.ts';

/**
 * How this account comes to a sandbox in which nobody is root.
 * - `own-user`: an ordinary user, in a user namespace.
 * - `drop-first`: root gives up its id before bubblewrap starts. The files that the program reads must be open to others.
 * - `drop-inside`: bubblewrap mounts as root, and the program's id is dropped before it starts. Works below folders that
 *   only root may enter, and needs CAP_SYS_ADMIN.
 * - `mapped-root`: root of a user namespace without any capability, for root that may not change its id.
 */
export type Entry = 'own-user' | 'drop-first' | 'drop-inside' | 'mapped-root';

export const entriesFor = (isRoot: boolean): Entry[] =>
  isRoot ? ['drop-first', 'drop-inside', 'mapped-root'] : ['own-user'];

/** Read-only in every sandbox: programs, libraries and fonts. /usr/local and /usr/src may hold someone's work: left out. */
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

/** Where the binds of programs go; nothing of the host lies there. */
export const insideFolder = '/pentimento';

export interface Wall {
  bubblewrap: string;
  entry: Entry;
}

/** User and group id of a slot's programs: a number without an account, its own for each program that runs at a time. */
export type UserId = number;

/** Starts a program behind the wall: no network, no files but its own, no other processes, no privileges, limits on the rest. */
export function startInSandbox(program: Program, wall: Wall, user: UserId): Running {
  const filter = seccompFilter(program.systemCalls, process.arch);
  const filterDescriptor = 3 + program.extraPipes;
  const running = start(
    [
      ...(wall.entry === 'drop-first' ? dropTo(user) : []),
      wall.bubblewrap,
      ...namespaces(wall.entry, program.systemCalls === 'zygote'),
      ...mounts(program),
      ...Object.entries(program.environment).flatMap(([name, value]) => ['--setenv', name, value]),
      ...(filter ? ['--seccomp', String(filterDescriptor)] : []),
      '--',
      ...(wall.entry === 'drop-inside' ? dropTo(user) : []),
      ...limited(program),
      ...program.command((path) => placeOf(program, path)),
    ],
    {},
    program.extraPipes + (filter ? 1 : 0),
  );
  if (filter) running.pipes.pop()!.end(filter);
  return running;
}

/** Starts a program in a process group of its own with limits, for code that is the project's own. No wall. */
export function startBare(program: Program, prlimit: string | undefined): Running {
  const command = program.command((path) => path);
  return start(
    prlimit ? [prlimit, ...limitArguments(program), ...command] : command,
    program.environment,
    program.extraPipes,
  );
}

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

function namespaces(entry: Entry, mapsUsers: boolean): string[] {
  const common = ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'];
  const guard = ['--die-with-parent', '--new-session', '--clearenv', '--hostname', 'sandbox', '--cap-drop', 'ALL'];
  const keptForTheDrop = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name]);
  if (entry === 'drop-inside') return [...common, ...guard, ...keptForTheDrop];
  // To map root once more, the kernel asks for this of root, within the namespace's bounds.
  const keptForMaps = entry === 'mapped-root' && mapsUsers ? ['--cap-add', 'CAP_SETFCAP'] : [];
  return ['--unshare-user', ...common, ...guard, ...keptForMaps];
}

function mounts(program: Program): string[] {
  const binds = [...systemFolders.filter((path) => existsSync(path)).map((path) => [path, path]), ...program.readable];
  return [
    ...parentFolders(binds.map(([, inside]) => inside!)).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...binds.flatMap(([host, inside]) => ['--ro-bind', host!, inside!]),
    ...rootLinks.flatMap(sameRootLink),
    ...['--proc', '/proc', '--dev', '/dev'],
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

/** The folders above the given places, outermost first: bubblewrap makes them closed to others where it is left to it. */
function parentFolders(places: string[]): string[] {
  const folders = new Set<string>();
  for (const place of places) {
    const parts = place.split('/').slice(1, -1);
    parts.forEach((_, index) => folders.add('/' + parts.slice(0, index + 1).join('/')));
  }
  return [...folders].sort((a, b) => a.length - b.length);
}

function placeOf(program: Program, hostPath: string): string {
  for (const [host, inside] of program.readable) {
    if (hostPath === host || hostPath.startsWith(`${host}/`)) return inside + hostPath.slice(host.length);
  }
  return hostPath;
}

function limited(program: Program): string[] {
  return ['/usr/bin/prlimit', `--nproc=${program.limits.processes}`, ...limitArguments(program), '--'];
}

/** The limits that count for a process alone. The one on processes counts all of the user's, so it needs a user of its own. */
function limitArguments({ limits }: Program): string[] {
  return ['--core=0', `--data=${limits.dataBytes}`, `--fsize=${limits.fileBytes}`, `--nofile=${limits.openFiles}`];
}
