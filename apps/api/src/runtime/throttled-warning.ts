import type { Logger } from 'pino';

const quietMs = 10_000;

/** Logs a warning that may come many times a second, as while a connection is retried, at most once in ten seconds. */
export function throttledWarning(
  logger: Logger,
  message: string,
  now: () => number = Date.now,
): (error: Error) => void {
  let quietUntil = -Infinity;
  let suppressed = 0;
  return (error) => {
    if (now() < quietUntil) {
      suppressed += 1;
      return;
    }
    logger.warn({ err: error, ...(suppressed > 0 ? { suppressed } : {}) }, message);
    quietUntil = now() + quietMs;
    suppressed = 0;
  };
}
