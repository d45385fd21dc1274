import { availableParallelism } from 'node:os';
import { memoryOf, processesOf, upperBoundOf } from './tree-memory.ts';

/** How fast one core can fill memory, bytes a millisecond: the kernel clears each page first. */
const fillRate = 1.5e6;
/** Cores that are counted. A tree that fills memory faster exceeds its bound by more. */
const maxCores = 8;
const treeRate = fillRate * Math.min(maxCores, availableParallelism());
const minPeriodMs = 5;
const maxPeriodMs = 500;
/** For a program that waits for work: none of the code that it was given runs. */
const idlePeriodMs = 5000;

/** When a tree that has this much left must be looked at again: before it can have filled that. */
export function periodFor(bytesLeft: number, lookMs: number): number {
  return Math.min(maxPeriodMs, Math.max(minPeriodMs, lookMs, bytesLeft / treeRate));
}

export interface MemoryWatch {
  /** Looks seldom while the program waits for work. */
  setIdle(isIdle: boolean): void;
  /** To be called as soon as the tree's first process has ended. */
  stop(): void;
}

/** Calls `onExceeded` once when the processes of a tree have more memory than they may, and looks more often the closer they come. */
export function watchMemory(root: number, maxBytes: number, onExceeded: () => void): MemoryWatch {
  let isStopped = false;
  let isIdle = false;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    const startedAt = performance.now();
    const tree = processesOf(root);
    let bytes = upperBoundOf(tree);
    const isClose = bytes >= maxBytes;
    if (isClose) bytes = await memoryOf(tree);
    if (isStopped) return;
    if (bytes >= maxBytes) return onExceeded();
    const period = periodFor(maxBytes - bytes, isClose ? performance.now() - startedAt : 0);
    lookAfter(isIdle ? idlePeriodMs : period);
  };
  const lookAfter = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), ms).unref();
  };
  lookAfter(minPeriodMs);
  return {
    setIdle: (now) => {
      isIdle = now;
      if (!isStopped) lookAfter(isIdle ? idlePeriodMs : minPeriodMs);
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
