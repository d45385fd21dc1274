import type { Terminal } from './terminal.ts';

/** Writes lines of progress, at most one in so many milliseconds and none twice. */
export function throttledProgress(terminal: Pick<Terminal, 'progress'>, now: () => number = Date.now, quietMs = 2_000) {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let last = '';
  return (line: string): void => {
    if (line === last || now() < quietUntil) return;
    terminal.progress(line);
    quietUntil = now() + quietMs;
    last = line;
  };
}
