import type { Problem } from '@pentimento/contracts';

/** A request that failed. `message` is `problem.detail`: one plain sentence with the remedy. */
export class ApiError extends Error {
  /** As the server described it (RFC 9457), or made by this client where no server did; then `status` may be 0. */
  readonly problem: Problem;
  /** How long the server asks to wait before the next attempt, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(problem.detail, { cause: options.cause });
    this.name = 'ApiError';
    this.problem = problem;
    this.retryAfterMs = options.retryAfterMs;
  }

  get status(): number {
    return this.problem.status;
  }

  /** Whether the same request may succeed later: no complete reply, too many requests, or a failing server. */
  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** No server answered, or the connection broke before the reply was complete. */
export class UnreachableError extends ApiError {
  /** The server's address; empty for the page's own origin. */
  readonly url: string;

  constructor(url: string, options: { cause?: unknown } = {}) {
    const problem = {
      type: 'about:blank',
      title: 'Server not reached',
      status: 0,
      code: 'unreachable',
      detail: `The server${url ? ` at ${url}` : ''} cannot be reached. Check that it runs, then try again.`,
    };
    super(problem, options);
    this.name = 'UnreachableError';
    this.url = url;
  }
}

/** A successful reply that is not what the contracts describe: another program, or another version. */
export class UnexpectedReplyError extends ApiError {
  constructor(address: string, status: number, options: { cause?: unknown } = {}) {
    const problem = {
      type: 'about:blank',
      title: 'Unexpected reply',
      status,
      code: 'unexpected-reply',
      detail: `${address} answered in a form that this client does not know: use a server and a client of the same version.`,
    };
    super(problem, options);
    this.name = 'UnexpectedReplyError';
  }
}
