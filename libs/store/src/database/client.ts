import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from '../../generated/client.ts';
import { databaseError } from '@pentimento/postgres';

/** The queries of a transaction, or those of the pool outside one. */
export type Queries = Prisma.TransactionClient;

const limits = {
  max: 10,
  connectionTimeoutMillis: 5_000,
  /** The server cancels a long statement; if the server cannot be reached, the client times out a little later. */
  statement_timeout: 30_000,
  query_timeout: 35_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
};

export class Database {
  readonly #url: string;
  readonly #pool: pg.Pool;
  readonly #prisma: PrismaClient;
  readonly #clock: { now(): number } | undefined;

  constructor(url: string, clock?: { now(): number }) {
    this.#url = url;
    this.#pool = new pg.Pool({ connectionString: url, ...limits });
    // A lost idle connection is replaced at the next query, which rejects if that fails.
    this.#pool.on('error', () => {});
    this.#prisma = new PrismaClient({ adapter: new PrismaPg(this.#pool), errorFormat: 'minimal' });
    this.#clock = clock;
  }

  /** The time in SQL: the database's, which is the same for all workers, or that of the injected clock. */
  now(): Prisma.Sql {
    return this.#clock ? Prisma.sql`${new Date(this.#clock.now())}::timestamptz` : Prisma.sql`clock_timestamp()`;
  }

  /** Milliseconds since the epoch for new ids, which only need to be roughly in order. */
  milliseconds(): number {
    return (this.#clock ?? Date).now();
  }

  /** Throws an OutageError if PostgreSQL does not answer. */
  async run<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return translate(() => work(this.#prisma));
  }

  /** All of `work` is stored, or nothing. Throws an OutageError if PostgreSQL does not answer. */
  async transaction<T>(work: (queries: Queries) => Promise<T>, timeoutMs = 30_000): Promise<T> {
    return translate(() => this.#prisma.$transaction(work, { maxWait: 10_000, timeout: timeoutMs }));
  }

  /** Runs `work` on its own session, without the time limits of the pool. The session and its locks end with `work`. */
  async session<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return translate(async () => {
      const { connectionTimeoutMillis, keepAlive } = limits;
      const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis, keepAlive });
      client.on('error', () => {});
      try {
        await client.connect();
        return await work(client);
      } finally {
        await client.end().catch(() => {});
      }
    });
  }

  async close(): Promise<void> {
    await this.#prisma.$disconnect();
    await this.#pool.end();
  }
}

async function translate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw databaseError(error) ?? error;
  }
}
