/** PostgreSQL does not answer, or stopped answering: nothing of the operation was stored, or all of it was. */
export class OutageError extends Error {
  override readonly name = 'OutageError';
}

/** SQLSTATEs of a server that is unreachable, shutting down, full or too slow (PostgreSQL 18, appendix A). */
const outageStates = /^(08...|53...|57P0[1-5]|57014|25P03)$/;

const outageCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
  // Prisma: unreachable, timed out, closed, no connection free, transaction not begun or expired, too many connections.
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037'],
  // Prisma's adapter, which keeps only these of a socket's error.
  ...['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'],
]);

/** Messages of `pg` that have no code. */
const outageMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|is not queryable|has encountered a connection error/;

const remedies: Record<string, string> = {
  '3D000': 'The database that DATABASE_URL names does not exist: create it (createdb).',
  '28P01': 'PostgreSQL refuses the password of DATABASE_URL: correct it.',
  '28000': 'PostgreSQL refuses the user of DATABASE_URL: correct it, or allow the user in pg_hba.conf.',
  '42P01': 'The database does not have our tables: start a server first, which creates them.',
};

/** The error with its remedy if the database cannot be reached or used; null for any other error. */
export function databaseError(error: unknown): Error | null {
  if (error instanceof OutageError) return error;
  for (const { codes, message } of causes(error)) {
    const remedy = codes.map((code) => remedies[code]).find(Boolean);
    if (remedy) return new Error(remedy, { cause: error });
    if (codes.some(isOutageCode) || outageMessages.test(message)) {
      const reason = message.trim().split('\n').at(-1) || codes[0];
      return new OutageError(
        `PostgreSQL does not answer (${reason}): try again, and if it stays unreachable, start it or correct DATABASE_URL.`,
        { cause: error },
      );
    }
  }
  return null;
}

const isOutageCode = (code: string): boolean => outageStates.test(code) || outageCodes.has(code);

interface Cause {
  message: string;
  codes: string[];
}

/** The error and the errors in it: Prisma nests its adapter's error in `meta`, the adapter the driver's in `cause`. */
function* causes(error: unknown): Generator<Cause> {
  const queue: unknown[] = [error];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (typeof next !== 'object' || next === null) continue;
    const { message, code, originalCode, kind, cause, meta, errors } = next as Record<string, unknown>;
    const codes = [originalCode, code, kind].filter((value) => typeof value === 'string');
    yield { message: typeof message === 'string' ? message : '', codes };
    const inner = [cause, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError];
    queue.push(...inner.filter(Boolean), ...(Array.isArray(errors) ? errors : []));
  }
}
