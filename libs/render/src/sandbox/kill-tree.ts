import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends a child of this process, which leads a group, and all below it, in whatever groups and sessions they are. Each is stopped before its
 * children are read: a stopped process forks no more and collects no child, so that none is missed and no id means another process.
 */
export function killTree(root: number): void {
  for (const pid of stoppedTree(root)) signal(pid, 'SIGKILL');
  // Where the kernel does not tell of children, it tells of the group that the process leads.
  signal(-root, 'SIGKILL');
}

function stoppedTree(root: number): number[] {
  const tree = new Set<number>();
  const stop = (pid: number): void => {
    if (tree.has(pid)) return;
    tree.add(pid);
    signal(pid, 'SIGSTOP');
    for (let found = childrenOf(pid); found.some((child) => !tree.has(child)); found = childrenOf(pid))
      found.forEach(stop);
  };
  stop(root);
  return [...tree];
}

/** Read for each thread, since each knows the children of its own only. None where the process is gone. */
function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
