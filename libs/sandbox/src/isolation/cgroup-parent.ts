import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Cgroup, removeLeftGroups } from './cgroup.ts';
import { readOf, readOrEmpty } from './proc.ts';
import type { Limits } from './program.ts';

/** Where the control groups of programs are made, or, in a sentence, why there is no such place. */
export type CgroupDetection = { parent: CgroupParent } | { parent: null; reason: string };

/** Holds the processes of the delegated group: only a group without processes of its own can pass controllers on. */
const serverGroup = 'pentimento-server';
const neededControllers = ['memory', 'pids'];
/** A login session, which belongs to the system's manager even where root may write to it. */
const session = /^session-[^/]*\.scope$/;

/** The group, delegated to this account, in which each program gets a group of its own. */
export class CgroupParent {
  readonly folder: string;
  #count = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  create(limits: Limits): Cgroup {
    return Cgroup.create(join(this.folder, `pentimento-${ownerName(process.pid)}-${this.#count++}`), limits);
  }
}

/** Finds the group of this process, and prepares it where it is delegated: moves its processes to a group within. */
export async function detectCgroups(isRoot: boolean): Promise<CgroupDetection> {
  const own = cgroupFolder(readOrEmpty('/proc/self/mountinfo'), readOrEmpty('/proc/self/cgroup'));
  if (own === undefined) return { parent: null, reason: 'cgroups v2 are not mounted here.' };
  const folder = basename(own) === serverGroup ? dirname(own) : own;
  const reason = whyUnusable(folder, isRoot);
  if (reason !== null) return { parent: null, reason };
  try {
    prepare(folder);
    await removeLeftGroups(folder, (name) => isLeftGroup(name, ownerName));
    return { parent: new CgroupParent(folder) };
  } catch (error) {
    return { parent: null, reason: `The cgroup ${folder} cannot be divided: ${(error as Error).message}.` };
  }
}

/** The folder of a process's group, from its `mountinfo` and `cgroup`; undefined where version 2 is not mounted or shows no such group. */
export function cgroupFolder(mountInfo: string, membership: string): string | undefined {
  const mounted = /^\d+ \d+ \S+ \/ (\S+) [^\n]* - cgroup2 /m.exec(mountInfo)?.[1];
  const path = /^0::(\/.*)$/m.exec(membership)?.[1];
  if (mounted === undefined || path === undefined || path.startsWith('/..')) return undefined;
  return join(mounted, path);
}

/** Null where a group can be divided. */
export function whyUnusable(folder: string, isRoot: boolean): string | null {
  const controllers = readOrEmpty(join(folder, 'cgroup.controllers')).trim().split(' ');
  const missing = neededControllers.filter((name) => !controllers.includes(name));
  if (missing.length > 0) return `The cgroup ${folder} has no controller for ${missing.join(' and ')}.`;
  if (isRoot && session.test(basename(folder))) return `The cgroup ${folder} is a login session, not a service.`;
  const isWritable = ['', 'cgroup.procs', 'cgroup.subtree_control'].every((name) => canWrite(join(folder, name)));
  return isWritable ? null : `The cgroup ${folder} is not delegated to this account.`;
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Passes the controllers on to the groups within. The root group alone may have processes and groups. */
function prepare(folder: string): void {
  if (existsSync(join(folder, 'cgroup.type'))) moveProcesses(folder, join(folder, serverGroup));
  const controllers = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ');
  const wanted = [...neededControllers, 'cpu'].filter((name) => controllers.includes(name));
  writeFileSync(join(folder, 'cgroup.subtree_control'), wanted.map((name) => `+${name}`).join(' '));
}

function moveProcesses(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const pid of readFileSync(join(from, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)) {
    try {
      writeFileSync(join(to, 'cgroup.procs'), pid);
    } catch {
      // It has ended.
    }
  }
}

/** A process's id and start time, which no other process has; undefined if it does not exist. */
function ownerName(pid: number): string | undefined {
  const stat = readOf(pid, 'stat');
  const startTime = stat.slice(stat.lastIndexOf(')')).split(' ')[20];
  return startTime === undefined ? undefined : `${pid}-${startTime}`;
}

/** Whether a group was made by a process that has ended. `nameOf` gives the owner's name of a process that exists. */
export function isLeftGroup(name: string, nameOf: (pid: number) => string | undefined): boolean {
  const [, owner, pid] = /^pentimento-((\d+)-\d+)-\d+$/.exec(name) ?? [];
  return owner !== undefined && nameOf(Number(pid)) !== owner;
}
