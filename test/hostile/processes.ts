import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Ids of the running descendants of this process, or of `root`. */
export const descendants = (root = process.pid): number[] => below(root, childrenByParent());

/** Each program that this process has started and that runs: its own id first, then those of its descendants. */
export function startedTrees(): number[][] {
  const children = childrenByParent();
  return (children.get(process.pid) ?? []).map((pid) => [pid, ...below(pid, children)]);
}

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  for (const pid of allProcesses()) {
    const parent = parentOf(pid);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

const below = (pid: number, children: Map<number, number[]>): number[] =>
  (children.get(pid) ?? []).flatMap((child) => [child, ...below(child, children)]);

/**
 * Ids of the running processes that share a PID namespace with any of the given ones, except this process's own namespace. A
 * process stays in its namespace, whoever its parent becomes.
 */
export function cohabitants(pids: number[]): number[] {
  const namespaces = new Set(pids.map(namespaceOf));
  return allProcesses().filter((pid) => {
    const namespace = namespaceOf(pid);
    return namespace !== undefined && namespace !== namespaceOf(process.pid) && namespaces.has(namespace);
  });
}

/** The command line, for a person to read. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').slice(0, 300) || 'gone';
  } catch {
    return 'gone';
  }
}

/** Polls, because the kernel reports the end of a process to its parent only. Resolves with the last value of `living`. */
export async function untilGone(living: () => number[], patienceMs: number): Promise<number[]> {
  const end = performance.now() + patienceMs;
  while (living().length > 0 && performance.now() < end) await delay(20);
  return living();
}

/** Resident memory, bytes; 0 for one that is gone. Pages shared between processes count once for each. */
export function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}

/**
 * Memory of a tree that is its own or shared, bytes; mapped files do not count. Shared pages count once for each process in the cheap first
 * reading, and in proportion in the second, which is taken where the first exceeds `enough`.
 */
export function treeBytes(tree: readonly number[], enough: number): number {
  const upper = sumOf(tree, 'status', /^(?:RssAnon|RssShmem):\s*(\d+) kB/gm);
  return upper <= enough ? upper : sumOf(tree, 'smaps_rollup', /^(?:Pss_Anon|Pss_Shmem):\s*(\d+) kB/gm) || upper;
}

const sumOf = (tree: readonly number[], file: string, lines: RegExp): number =>
  tree
    .flatMap((pid) => [...readOrEmpty(`/proc/${pid}/${file}`).matchAll(lines)])
    .reduce((sum, [, kibibytes]) => sum + Number(kibibytes) * 1024, 0);

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export const allProcesses = (): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}
