/** The reason with which a render's own deadline ends its work. */
export class DeadlineReached extends Error {
  override name = 'DeadlineReached';
}

/**
 * Does `work`, and calls `kill` where it runs past the deadline or the caller gives up: native code and hostile scripts cannot be
 * asked to stop. Does nothing for a caller who has given up already.
 *
 * @throws DeadlineReached after `deadlineMs`; the signal's reason where it aborts.
 */
export async function withDeadline<T>(
  deadlineMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
  kill: () => void,
): Promise<T> {
  signal.throwIfAborted();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineReached()), deadlineMs);
  const either = AbortSignal.any([signal, deadline.signal]);
  either.addEventListener('abort', kill, { once: true });
  try {
    return await orAborted(work(), either);
  } finally {
    clearTimeout(timer);
    either.removeEventListener('abort', kill);
  }
}

/** Waits for `promise`, or rejects with the signal's reason. The promise itself goes on. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {});
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
