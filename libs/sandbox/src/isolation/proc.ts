import { readdirSync, readFileSync } from 'node:fs';

/** A file of the kernel; empty if it does not exist or may not be read. */
export function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Of a process, from /proc; empty if it no longer exists or may not be read. */
export const readOf = (pid: number, file: string): string => readOrEmpty(`/proc/${pid}/${file}`);

/** Read for each thread, because the kernel lists children by the thread that forked them. Empty if the process no longer exists. */
export const childrenOf = (pid: number): number[] =>
  threadsOf(pid).flatMap((thread) => readOf(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number));

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
