import { readdirSync, readFileSync } from 'node:fs';

/** Of a process, from /proc; empty if it no longer exists or may not be read. */
export function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

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
