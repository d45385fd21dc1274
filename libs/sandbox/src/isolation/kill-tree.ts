import { readdirSync, readFileSync } from 'node:fs';

/** For all processes of a tree to stop; one that waits for a disk may take long. */
const patienceMs = 200;

/**
 * Ends a child of this process, which leads a group, and all below it, in whatever groups and sessions they are. Each is stopped
 * before its children are read: a stopped process forks no more and collects no child, so that none is missed and no id means
 * another process. The first process of a PID namespace takes all others of it along.
 */
export function killTree(root: number): void {
  for (const pid of stoppedTree(root)) signal(pid, 'SIGKILL');
  // Where the kernel does not tell of children, it tells of the group that the process leads.
  signal(-root, 'SIGKILL');
}

function stoppedTree(root: number): number[] {
  const end = performance.now() + patienceMs;
  const tree = [root];
  for (const pid of tree) {
    if (isInNamespace(pid)) continue;
    signal(pid, 'SIGSTOP');
    while (isRunning(pid) && performance.now() < end) pause();
    tree.push(...childrenOf(pid));
  }
  return tree;
}

/** `NSpid` has an id for each namespace that the process is in, from that of the reader down. */
const isInNamespace = (pid: number): boolean => /^NSpid:\s+\d+\s+\d/m.test(statusOf(pid));

/** Neither stopped nor dead. */
const isRunning = (pid: number): boolean => /^State:\s+[^TtZX]/m.test(statusOf(pid));

/** Empty where the process is gone. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
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

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Lets the processor go to others for a moment. */
function pause(): void {
  Atomics.wait(clock, 0, 0, 0.2);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
