import { availableParallelism } from 'node:os';
import { memoryOf, processesOf, upperBoundOf } from './tree-memory.ts';

/** How fast one core can fill memory, bytes a millisecond: the kernel clears each page first. */
const fillRate = 1.5e6;
/** Cores that are counted. A tree that fills memory faster exceeds its bound by more. */
const maxCores = 8;
const treeRate = fillRate * Math.min(maxCores, availableParallelism());
const minPeriodMs = 5;
const maxPeriodMs = 500;

/** When a tree that has this much left must be looked at again: before it can have filled that. */
export function periodFor(bytesLeft: number, lookMs: number): number {
  return Math.min(maxPeriodMs, Math.max(minPeriodMs, lookMs, bytesLeft / treeRate));
}

/**
 * Calls `onExceeded` once when the processes of a tree have more memory than they may, and looks more often the closer they come.
 *
 * @returns what stops the watch; to be called as soon as the tree's first process has ended.
 */
export function watchMemory(root: number, maxBytes: number, onExceeded: () => void): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    const startedAt = performance.now();
    const tree = processesOf(root);
    let bytes = upperBoundOf(tree);
    const isClose = bytes >= maxBytes;
    if (isClose) bytes = await memoryOf(tree);
    if (isStopped) return;
    if (bytes >= maxBytes) return onExceeded();
    lookAfter(periodFor(maxBytes - bytes, isClose ? performance.now() - startedAt : 0));
  };
  const lookAfter = (ms: number): void => {
    timer = setTimeout(() => void look(), ms).unref();
  };
  lookAfter(minPeriodMs);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
