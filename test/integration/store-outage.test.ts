import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobEvent } from '@pentimento/contracts';
import { createStore, migrate, OutageError, type Store } from '@pentimento/store';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { candidateFinished, claimedJob, newCandidate, newIteration, runIteration } from '../support/trajectory.ts';

let postgres: TestPostgres;
let url: string;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  url = await postgres.newDatabase();
  store = createStore({ databaseUrl: url, blobs: postgres.blobs });
});
afterEach(async () => {
  await postgres.start();
  await store.close();
});

const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

/** Waits until a statement of the store waits for a lock. */
async function blocked(): Promise<void> {
  while ((await query(url, `SELECT 1 ${waiting}`)).length === 0);
}

describe('while PostgreSQL is away', () => {
  it('every call says so, and the store works on when it is back', async () => {
    const claim = await claimedJob(store);
    await store.ping();
    await postgres.pause();
    await expect(store.ping()).rejects.toThrow(OutageError);
    await expect(store.getJob(claim.jobId)).rejects.toThrow(/PostgreSQL does not answer \(.+\)/);
    await expect(store.heartbeat(claim, 60_000)).rejects.toThrow(OutageError);
    await expect(store.cancelJob(claim.jobId)).rejects.toThrow(OutageError);
    await expect(store.sweep({ queuedMs: 0, maxRecoveries: 1 })).rejects.toThrow(OutageError);
    await expect(migrate(url)).rejects.toThrow(OutageError);
    await postgres.start();
    await store.ping();
    expect(await store.heartbeat(claim, 60_000)).toBe('held');
    await runIteration(store, claim, 0, 0.5);
  });

  it('a write in flight is refused and leaves nothing behind, and can be made again', async () => {
    const claim = await claimedJob(store);
    const candidate = await newCandidate(store, claim.jobId, 0, 0, 0.5);
    const blocker = new pg.Client({ connectionString: url });
    blocker.on('error', () => {});
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
    const append = store.appendCandidate(claim, candidate, candidateFinished(candidate)).then(
      () => 'stored',
      (error: unknown) => error,
    );
    await blocked();
    // A shutdown ends sessions in any order; this one must go before the one whose lock it waits for.
    await query(url, `SELECT pg_terminate_backend(pid) ${waiting}`);
    await postgres.pause();
    expect(await append).toBeInstanceOf(OutageError);
    await postgres.start();
    expect(await store.listCandidates(claim.jobId)).toEqual([]);
    expect(await store.findCall(claim, 0, 0)).toBeNull();
    expect((await store.listEvents(claim.jobId, 0)).map((event) => event.seq)).toEqual([1]);
    expect(await store.appendCandidate(claim, candidate, candidateFinished(candidate))).toBe('written');
    expect((await store.listEvents(claim.jobId, 0)).map((event) => event.seq)).toEqual([1, 2]);
  });

  it('a tail waits, and then goes on where it was', async () => {
    const claim = await claimedJob(store);
    const seen: JobEvent[] = [];
    const aborter = new AbortController();
    let reportThree = () => {};
    const first = new Promise<void>((resolve) => (reportThree = resolve));
    const tail = (async () => {
      for await (const batch of store.tailEvents(claim.jobId, 0, aborter.signal)) {
        seen.push(...batch);
        reportThree();
        if (seen.length >= 3) return;
      }
    })();
    await first;
    await postgres.pause();
    await postgres.start();
    await store.ping().catch(() => store.ping());
    await runIteration(store, claim, 0, 0.5);
    await tail;
    expect(seen.map((event) => event.seq)).toEqual([1, 2, 3]);
  });

  it('a job written through restarts has all of it once', async () => {
    const claim = await claimedJob(store);
    const restarts = (async () => {
      for (let i = 0; i < 3; i++) {
        await postgres.pause();
        await postgres.start();
      }
    })();
    const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof OutageError)) throw error;
        }
      }
    };
    for (let index = 0; index < 15; index++) {
      const candidate = await persistently(() => newCandidate(store, claim.jobId, index, 0, 0.5));
      const iteration = newIteration(claim.jobId, index, [candidate], candidate);
      const data = { iteration: index, kind: 'draft' as const, candidates: 1 };
      const started = { type: 'iteration.started', data } as const;
      await persistently(() => store.recordCall(claim, candidate.call!));
      await persistently(() => store.appendCandidate(claim, candidate, candidateFinished(candidate)));
      await persistently(() => store.appendRound(claim, [{ iteration, event: started }]));
    }
    await restarts;
    const events = await persistently(() => store.listEvents(claim.jobId, 0));
    expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
    expect(await store.getJob(claim.jobId)).toMatchObject({
      scores: Array.from({ length: 15 }, () => 0.5),
      spent: { inputTokens: 1500 },
    });
  });
});
