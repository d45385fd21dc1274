import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportFilePageSchema, exportSchema, isFinal, type Export } from '@pentimento/contracts';
import { openBlobStore } from '@pentimento/blob-store';
import { createStore, type Store } from '@pentimento/store';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { cloneJob } from '../support/clone-jobs.ts';
import { query } from '../support/postgres.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { claimedJob, runIteration } from '../support/trajectory.ts';

/** Each test starts several workers, and the machine may be busy. */
vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

const trajectories = 400;
const randomKills = 3;
/** Maximum time between a worker's claim and a kill at random. */
const maxLifeMs = 1_500;

let stack: Stack;
let databaseUrl: string;
let store: Store;
/** The last trajectory, the only one with blobs of its own. */
let lastJob: string;
const workers: { pid: number; stop(signal?: NodeJS.Signals): Promise<unknown> }[] = [];

beforeAll(async () => {
  stack = await startStack({
    variables: {
      PENTIMENTO_WORKER: 'off',
      PENTIMENTO_LEASE_MS: '1500',
      PENTIMENTO_SWEEP_MS: '150',
      PENTIMENTO_QUEUED_MS: '300',
      PENTIMENTO_MAX_RECOVERIES: '50',
    },
  });
  ({ databaseUrl } = JSON.parse(await readFile(join(stack.home, 'server.json'), 'utf8')) as { databaseUrl: string });
  store = createStore({ databaseUrl, blobs: openBlobStore(join(stack.home, 'blobs')) });
  const first = await endedJob();
  await cloneJob(databaseUrl, first, { first: 1, count: trajectories - 2 });
  lastJob = await endedJob();
});
afterAll(async () => {
  await store?.close();
  await stack?.stop();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop('SIGKILL');
});

async function endedJob(): Promise<string> {
  const claim = await claimedJob(store);
  await runIteration(store, claim, 0, 0.5);
  await runIteration(store, claim, 1, 0.9);
  await store.finish(claim, { stopReason: 'plateau', outcome: 'best_effort', detail: '', error: null });
  return claim.jobId;
}

async function startWorker(variables: Record<string, string> = {}): Promise<void> {
  workers.push(await stack.startWorker(variables));
}

async function create(): Promise<Export> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ format: 'jsonl' });
  return exportSchema.parse(await (await fetch(`${stack.url}/v1/exports`, { method: 'POST', headers, body })).json());
}
const post = ({ links }: Export, action: string) => fetch(`${stack.url}${links.self}/${action}`, { method: 'POST' });
const read = async ({ links }: Export) => exportSchema.parse(await (await fetch(stack.url + links.self)).json());

async function until(record: Export, enough: (found: Export) => boolean): Promise<Export> {
  for (;;) {
    const found = await read(record);
    if (enough(found)) return found;
    await sleep(20);
  }
}
const ended = (record: Export) => until(record, ({ status }) => isFinal(status));
const filesOf = async ({ links }: Export) =>
  exportFilePageSchema.parse(await (await fetch(stack.url + links.files)).json()).data;

/** Nothing of the export can be had, and no part of a file has a name. */
async function expectNothing(record: Export): Promise<void> {
  expect((await fetch(stack.url + record.links.files)).status).toBe(409);
  expect((await fetch(`${stack.url}${record.links.files}/manifest.json`)).status).toBe(409);
  const [rows] = await query(databaseUrl, 'SELECT count(*)::int AS files FROM export_files WHERE export_id = $1', [
    record.id,
  ]);
  expect(rows).toEqual({ files: 0 });
  expect(await readdir(join(stack.home, 'exports')).catch(() => [])).toEqual([]);
}

/** Holds whoever reads or writes a table from now on, until the returned function is called. */
async function hold(table: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return () => client.end();
}

/** Waits until a session waits for a lock with such a statement. */
async function isHeld(statement: string): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`;
  while ((await query(databaseUrl, sql, [statement])).length === 0) await sleep(20);
}
/** Only a worker that reads a trace reads iterations. */
const isReading = () => isHeld('SELECT%iterations%');
const isEnding = () => isHeld('%INSERT INTO export_files%');

/** Kills the worker that has claimed the export. */
async function killHolder({ id }: Export): Promise<void> {
  const [row] = await query(databaseUrl, 'SELECT worker FROM exports WHERE id = $1', [id]);
  const pid = Number(String(row!.worker).split(':').at(-1));
  const holder = workers.find((worker) => worker.pid === pid)!;
  await holder.stop('SIGKILL');
}
const running = (record: Export) => until(record, ({ status }) => status === 'running');

/** Each kills the worker at a step of its own, and lets go what it held afterwards. */
const steps: [step: string, kill: (record: Export) => Promise<void>][] = [
  [
    'before the first trace',
    async (record) => {
      await isReading();
      await killHolder(record);
    },
  ],
  [
    'in the middle',
    async (record) => {
      await until(record, ({ status, progress }) => status === 'running' && progress.traces > 20);
      const letGo = await hold('iterations');
      await isReading();
      await killHolder(record);
      await letGo();
    },
  ],
  [
    'in the transaction that ends the export',
    async (record) => {
      const letGo = await hold('export_files');
      await isEnding();
      await killHolder(record);
      await letGo();
    },
  ],
  ...Array.from({ length: randomKills }, (): (typeof steps)[number] => [
    'at random',
    async (record) => {
      await running(record);
      // The time of the kill is the injected failure, not a wait for something.
      await sleep(Math.random() * maxLifeMs);
      if ((await read(record)).status === 'running') await killHolder(record);
    },
  ]),
];

it('ends whole after kill -9 of its worker at any step, with the bytes of an undisturbed one', async () => {
  const letGo = await hold('iterations');
  const record = await create();
  for (const [at, [, kill]] of steps.entries()) {
    await startWorker();
    await kill(record);
    if (at === 0) await letGo();
    if (isFinal((await read(record)).status)) break;
    await expectNothing(record);
  }
  await startWorker();
  const whole = await ended(record);
  expect(whole).toMatchObject({ status: 'succeeded', manifest: { traces: trajectories, drops: {} } });
  const undisturbed = await ended(await create());
  expect(await filesOf(whole)).toEqual(await filesOf(undisturbed));
  const [row] = await query(databaseUrl, 'SELECT token FROM exports WHERE id = $1', [record.id]);
  expect(row!.token).toBeGreaterThan(3);
});

it('fails after so many dead workers and says why, and can be retried', async () => {
  // The server sweeps, too, and would not give up so early.
  const record = await create();
  await query(databaseUrl, 'UPDATE exports SET recoveries = 50 WHERE id = $1', [record.id]);
  const letGo = await hold('iterations');
  await startWorker();
  await isReading();
  await killHolder(record);
  await startWorker();
  const failed = await ended(record);
  await letGo();
  expect(failed).toMatchObject({
    status: 'failed',
    error: { code: 'worker-lost', message: expect.stringContaining('then retry the export') },
  });
  await expectNothing(record);
  expect((await post(record, 'retry')).status).toBe(202);
  expect(await ended(record)).toMatchObject({ status: 'succeeded', error: null });
});

it('ends as canceled in the middle, and nothing of it is kept', async () => {
  const letGo = await hold('iterations');
  const record = await create();
  await startWorker();
  await isReading();
  expect((await post(record, 'cancel')).status).toBe(202);
  expect(await read(record)).toMatchObject({ status: 'canceling' });
  await letGo();
  expect(await ended(record)).toMatchObject({ status: 'canceled', manifest: null, error: null });
  await expectNothing(record);
});

it('is given back by a worker that is told to stop, and made by the next', async () => {
  const letGo = await hold('iterations');
  const record = await create();
  await startWorker();
  await isReading();
  const stopped = workers[0]!.stop('SIGTERM');
  await letGo();
  await stopped;
  expect(['queued', 'running']).toContain((await read(record)).status);
  const [row] = await query(databaseUrl, 'SELECT recoveries FROM exports WHERE id = $1', [record.id]);
  expect(row).toEqual({ recoveries: 0 });
  await startWorker();
  expect(await ended(record)).toMatchObject({ status: 'succeeded', manifest: { traces: trajectories } });
});

it('lists a trace as a drop whose blob goes away meanwhile', async () => {
  const letGo = await hold('iterations');
  const record = await create();
  await startWorker();
  await isReading();
  const code = (await store.listCandidates(lastJob))[0]!.code!;
  await rm(join(stack.home, 'blobs', code.slice(0, 2), code.slice(2, 4), code));
  await letGo();
  expect(await ended(record)).toMatchObject({
    status: 'succeeded',
    manifest: { traces: trajectories, units: trajectories, drops: { missing_blob: 1 } },
  });
});
