import { readFile } from 'node:fs/promises';
import { childrenOf, readOf } from './proc.ts';

/** Memory of one process, bytes: its own and shared memory, swapped memory and page tables included; not the files that it has mapped. */
export interface ProcessMemory {
  pid: number;
  /** A page that several processes share counts for each. */
  mapped: number;
  pageTables: number;
}

/** Matches the named lines of a file of /proc. */
const linesOf = (...names: string[]): RegExp => new RegExp(`^(?:${names.join('|')}):\\s+(\\d+) kB`, 'gm');

const mappedLines = linesOf('RssAnon', 'RssShmem', 'VmSwap', 'VmPTE');
const pageTableLines = linesOf('VmPTE');
const proportionalLines = linesOf('Pss_Anon', 'Pss_Shmem', 'SwapPss');

/** The processes of a tree with the memory of each. */
export function processesOf(root: number): ProcessMemory[] {
  const pids = [root];
  const found: ProcessMemory[] = [];
  for (const pid of pids) {
    const status = readOf(pid, 'status');
    if (!status) continue;
    found.push({ pid, mapped: mappedBytes(status), pageTables: sumOf(status, pageTableLines) });
    pids.push(...childrenOf(pid));
  }
  return found;
}

/** Of `/proc/PID/status`. */
export const mappedBytes = (status: string): number => sumOf(status, mappedLines);

/**
 * Of `/proc/PID/smaps_rollup`: a page that n processes share counts as its n-th part. Undefined where the kernel does not tell
 * memory and files apart.
 */
export function proportionalBytes(rollup: string): number | undefined {
  return /^Pss_Anon:/m.test(rollup) ? sumOf(rollup, proportionalLines) : undefined;
}

/** An upper bound on the memory of the tree, which costs little to compute. */
export const upperBoundOf = (tree: ProcessMemory[]): number => sum(tree.map(({ mapped }) => mapped));

/** The memory of the tree, each shared page counted once. A process whose pages may not be read counts as in the upper bound. */
export const memoryOf = async (tree: ProcessMemory[]): Promise<number> => sum(await Promise.all(tree.map(shareOf)));

async function shareOf({ pid, mapped, pageTables }: ProcessMemory): Promise<number> {
  try {
    const proportional = proportionalBytes(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return proportional === undefined ? mapped : proportional + pageTables;
  } catch (error) {
    const isHidden = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    return isHidden ? mapped : 0;
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The sum of the lines, which are in KiB, in bytes. */
const sumOf = (text: string, lines: RegExp): number =>
  1024 * sum([...text.matchAll(lines)].map(([, kib]) => Number(kib)));
