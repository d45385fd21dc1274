/** The reason with which a deadline aborts work. */
export class DeadlineExceeded extends Error {
  override name = 'DeadlineExceeded';
  /** What the work had printed until then, where that is known. Untrusted. */
  readonly log: string;

  constructor({ message = 'The deadline was exceeded.', log = '' } = {}) {
    super(message);
    this.log = log;
  }
}

interface DeadlineOptions {
  deadlineMs: number;
  /** What the error says where the deadline passes. */
  message?: string;
  /** Aborts the work before its deadline. */
  signal?: AbortSignal;
  /** Called when the work is aborted: native code and hostile scripts cannot be asked to stop. */
  kill?: () => void;
}

/**
 * Does `work` until its deadline. Starts nothing if the signal has aborted already.
 *
 * The timer is our own because `AbortSignal.timeout` cannot be canceled, and would outlive each of many short renders.
 *
 * @throws DeadlineExceeded after `deadlineMs`; the signal's reason where it aborts.
 */
export async function withDeadline<T>(
  { deadlineMs, message, signal, kill = () => {} }: DeadlineOptions,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineExceeded({ message })), deadlineMs);
  const either = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
  either.addEventListener('abort', kill, { once: true });
  try {
    return await orAborted(work(), either);
  } finally {
    clearTimeout(timer);
    either.removeEventListener('abort', kill);
  }
}

/** Waits for `promise`, or rejects with the signal's reason. The promise itself continues. */
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
