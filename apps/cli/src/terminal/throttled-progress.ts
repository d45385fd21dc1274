import type { Terminal } from './terminal.ts';

const quietMs = 2_000;

/** Writes lines of progress, at most one in two seconds and none twice. */
export function throttledProgress(terminal: Pick<Terminal, 'progress'>, now: () => number = Date.now) {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let last = '';
  return (line: string): void => {
    if (line === last || now() < quietUntil) return;
    terminal.progress(line);
    quietUntil = now() + quietMs;
    last = line;
  };
}
