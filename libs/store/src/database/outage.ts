/** PostgreSQL does not answer, or went away in the middle: nothing of the operation was stored, or all of it was. */
export class OutageError extends Error {
  override readonly name = 'OutageError';
}

/** SQLSTATE classes and codes of a server that is not there, going, or full (PostgreSQL 18, appendix A). */
const outageStates = /^(08...|57P0[1-5]|57014|53...|25P03)$/;
const outageSystemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** Prisma: unreachable, timed out, closed, pool exhausted, transaction not started or expired, too many connections. */
const outagePrismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
/** What `pg` says without any code. */
const outageWords =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end/;

const remedies: Record<string, string> = {
  '3D000': 'The database that DATABASE_URL names does not exist: create it (createdb).',
  '28P01': 'PostgreSQL refuses the password of DATABASE_URL: correct it.',
  '28000': 'PostgreSQL refuses the user of DATABASE_URL: correct it, or allow the user in pg_hba.conf.',
};

/** The plain sentence for an error of reaching the database; null for any other error. */
export function databaseError(error: unknown): Error | null {
  if (error instanceof OutageError) return error;
  for (const cause of causes(error)) {
    const remedy = remedies[cause.state ?? ''];
    if (remedy) return new Error(remedy, { cause: error });
    if (isOutage(cause)) {
      return new OutageError(
        `PostgreSQL does not answer (${cause.message.trim().split('\n').at(-1)}): it is tried again; if this stays, start it or correct DATABASE_URL.`,
        { cause: error },
      );
    }
  }
  return null;
}

interface Cause {
  message: string;
  code?: string;
  state?: string;
}

function isOutage(cause: Cause): boolean {
  return (
    outageStates.test(cause.state ?? '') ||
    outageSystemCodes.has(cause.code ?? '') ||
    outagePrismaCodes.has(cause.code ?? '') ||
    outageWords.test(cause.message)
  );
}

/** The error and what it wraps: Prisma nests the driver's error in `meta`, the driver's adapter in `cause`. */
function* causes(error: unknown): Generator<Cause> {
  const seen = new Set<unknown>();
  const queue: unknown[] = [error];
  while (queue.length > 0) {
    const next = queue.shift() as Record<string, unknown> | null | undefined;
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    const code = [next.code, next.originalCode].find((value) => typeof value === 'string');
    const message = [next.message, next.originalMessage, next.kind].find((value) => typeof value === 'string') ?? '';
    yield { message, code, state: code };
    queue.push(next.cause, (next.meta as Record<string, unknown> | undefined)?.driverAdapterError);
    if (Array.isArray(next.errors)) queue.push(...next.errors);
  }
}
