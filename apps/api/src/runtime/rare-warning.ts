import type { Logger } from 'pino';

const quietMs = 10_000;

/** Logs a warning that may come many times a second, as while a connection is tried anew: once in ten seconds. */
export function rareWarning(logger: Logger, message: string, now: () => number = Date.now): (error: Error) => void {
  let quietUntil = -Infinity;
  let unsaid = 0;
  return (error) => {
    if (now() < quietUntil) {
      unsaid += 1;
      return;
    }
    logger.warn({ err: error, ...(unsaid > 0 ? { unsaid } : {}) }, message);
    quietUntil = now() + quietMs;
    unsaid = 0;
  };
}
