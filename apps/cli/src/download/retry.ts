import { ApiError } from '@pentimento/client';
import pRetry from 'p-retry';

/** About 25 seconds in all. */
const waits = { retries: 7, minTimeout: 200, factor: 2 };

/** Repeats `attempt` while the server cannot be reached or is failing. */
export function withRetries<T>(
  attempt: () => Promise<T>,
  { signal, onRetry }: { signal: AbortSignal; onRetry: (waitMs: number) => void },
): Promise<T> {
  return pRetry(attempt, {
    ...waits,
    signal,
    shouldRetry: ({ error }) => error instanceof ApiError && error.isTransient,
    onFailedAttempt({ error, retriesLeft, retryDelay }) {
      if (error instanceof ApiError && error.isTransient && retriesLeft > 0) onRetry(retryDelay);
    },
  });
}
