import { childrenOf, readOf } from './proc.ts';

/** Longest wait for all processes of a tree to stop. A process that waits for a disk may take long. */
const stopMs = 200;

/**
 * Kills a child of this process, which leads a process group, and all its descendants in any group or session. Each is stopped
 * before its children are listed: a stopped process neither forks nor reaps, so that no child is missed and no id is reused. The
 * kernel kills a PID namespace with its first process.
 */
export function killTree(root: number): void {
  for (const pid of stoppedTree(root)) signal(pid, 'SIGKILL');
  // A kernel that does not list children still knows the process group.
  signal(-root, 'SIGKILL');
}

function stoppedTree(root: number): number[] {
  const end = performance.now() + stopMs;
  const tree = [root];
  for (const pid of tree) {
    if (isInNamespace(pid)) continue;
    signal(pid, 'SIGSTOP');
    while (isRunning(pid) && performance.now() < end) pause();
    tree.push(...childrenOf(pid));
  }
  return tree;
}

/** `NSpid` lists one id per nested namespace, starting with the reader's. */
const isInNamespace = (pid: number): boolean => /^NSpid:\s+\d+\s+\d/m.test(statusOf(pid));

/** Neither stopped nor dead. */
const isRunning = (pid: number): boolean => /^State:\s+[^TtZX]/m.test(statusOf(pid));

const statusOf = (pid: number): string => readOf(pid, 'status');

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Yields the processor for a moment. */
function pause(): void {
  Atomics.wait(clock, 0, 0, 0.2);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It no longer exists.
  }
}
