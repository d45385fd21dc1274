import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Candidate, Retention } from '@pentimento/contracts';
import { createStore, ForeignBlobStoreError, type Store } from '@pentimento/store';
import { GatedBlobStore } from '../../libs/blob-store/src/testing/gated-blob-store.ts';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { blob, claimedJob, newCall, newJob, runIteration } from '../support/trajectory.ts';

const hour = 3_600_000;
const graceMs = 24 * hour;
const keepAll: Retention = { maxAgeDays: null, maxJobs: null };

let postgres: TestPostgres;
let url: string;
let content: Map<string, { content: Buffer; modifiedAt: Date }>;
let blobs: GatedBlobStore;
let store: Store;
let now: number;

beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  url = await postgres.newDatabase();
  content = new Map();
  blobs = new GatedBlobStore(content);
  now = Date.parse('2026-11-29T10:00:00.000Z');
  store = createStore({ databaseUrl: url, blobs, clock: { now: () => now } });
  return () => store.close();
});

const passes = (ms: number) => (now += ms);
const prune = (retention = keepAll) => store.prune({ retention, graceMs });
const describeStorage = (retention = keepAll) => store.describeStorage({ retention, graceMs });
const isStored = async (id: string) => [await blobs.has(id), (await store.blobs.stat(id)) !== null];
const text = (value: string) => new TextEncoder().encode(value);

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Waits until this many sessions of the database wait for a lock. */
async function waiting(count = 1): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await query(url, sql)).length < count);
}

/** What no other candidate of these tests names. */
function ownBlobsOf({ code, call }: Candidate): string[] {
  const { reply, reasoning, capture } = call!;
  return [code!, reply, reasoning!, (capture as { tokens: string }).tokens];
}

describe('blobs that no row names', () => {
  it('are deleted once their grace has passed, row and bytes', async () => {
    const id = await blob(store, 'unused upload');
    passes(graceMs - 1000);
    expect(await prune()).toEqual({ jobs: 0, blobs: 0, bytes: 0 });
    expect(await isStored(id)).toEqual([true, true]);
    passes(2000);
    expect(await prune()).toEqual({ jobs: 0, blobs: 1, bytes: 13 });
    expect(await isStored(id)).toEqual([false, false]);
  });

  it('have a new grace when they are put again', async () => {
    const id = await blob(store, 'upload');
    passes(graceMs - 1000);
    await blob(store, 'upload');
    passes(2000);
    await prune();
    expect(await isStored(id)).toEqual([true, true]);
  });

  it('can be stored again after they were deleted', async () => {
    const id = await blob(store, 'upload');
    passes(graceMs + 1);
    await prune();
    expect(await blob(store, 'upload')).toBe(id);
    expect(Buffer.from((await store.blobs.get(id))!).toString()).toBe('upload');
  });

  it('are those of deleted jobs, but for those that another job names', async () => {
    const [claim, other] = [await claimedJob(store), await claimedJob(store)];
    const gone = (await runIteration(store, claim, 0, 0.5)).candidates[0]!;
    const kept = (await runIteration(store, other, 0, 0.5)).candidates[0]!;
    const target = (await store.getJob(claim.jobId))!.target.image;
    await store.deleteJob(claim.jobId);
    passes(graceMs + 1);
    await prune();
    expect(gone.call!.prompt).toBe(kept.call!.prompt);
    for (const id of ownBlobsOf(gone)) expect(await isStored(id)).toEqual([false, false]);
    for (const id of [target, kept.call!.prompt, ...ownBlobsOf(kept)]) expect(await isStored(id)).toEqual([true, true]);
    expect(await store.getCandidate(kept.id)).toEqual(kept);
  });

  it('are searched by every foreign key to blobs', async () => {
    const keys = await query(
      url,
      `SELECT conrelid::regclass || '.' || attname AS key FROM pg_constraint
       JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
       WHERE contype = 'f' AND confrelid = 'blobs'::regclass ORDER BY 1`,
    );
    // A new key must be added to namedBlobs as well; until then it would only keep the collection from deleting.
    expect(keys.map(({ key }) => key)).toEqual([
      'candidates.code',
      'candidates.render_image',
      'episodes.prompt',
      'export_files.blob',
      'failed_calls.prompt',
      'interventions.code',
      'jobs.initial_code',
      'jobs.target_image',
      'jobs.target_original',
      'model_calls.prompt',
      'model_calls.reasoning',
      'model_calls.reply',
      'model_calls.tokens',
      'prompt_images.image',
      'prompt_images.prompt',
    ]);
  });
});

describe('images that only a prompt names', () => {
  async function jobWithPrompt(images: string[]): Promise<{ jobId: string; prompt: string }> {
    const claim = await claimedJob(store);
    const parts = images.map((image) => ({ type: 'image', image, mediaType: 'image/png', width: 1, height: 1 }));
    const json = JSON.stringify({ instructions: '', messages: [{ role: 'user', content: parts }] });
    const prompt = await store.blobs.put(text(json), 'application/json');
    await store.recordCall(claim, { ...(await newCall(store, 0, 0)), prompt });
    return { jobId: claim.jobId, prompt };
  }

  it('are kept as long as the prompt, and deleted with it', async () => {
    const images = [await blob(store, 'crop 1'), await blob(store, 'crop 2')];
    const { jobId, prompt } = await jobWithPrompt([...images, 'f'.repeat(64)]);
    passes(graceMs + 1);
    await prune();
    for (const id of [...images, prompt]) expect(await isStored(id)).toEqual([true, true]);
    await store.deleteJob(jobId);
    expect((await describeStorage()).prunable).toMatchObject({ blobs: 7 });
    expect(await prune()).toMatchObject({ blobs: 7 });
    for (const id of [...images, prompt]) expect(await isStored(id)).toEqual([false, false]);
  });

  it('are kept if another prompt names them too', async () => {
    const image = await blob(store, 'crop');
    const first = await jobWithPrompt([image]);
    await jobWithPrompt([image, await blob(store, 'other crop')]);
    await store.deleteJob(first.jobId);
    passes(graceMs + 1);
    await prune();
    expect(await isStored(image)).toEqual([true, true]);
  });

  it('do not keep the collection from working if a prompt is missing or damaged', async () => {
    const [missing, damaged] = [await jobWithPrompt([]), await jobWithPrompt([await blob(store, 'crop')])];
    await blobs.delete(missing.prompt);
    content.set(damaged.prompt, { content: Buffer.from('damaged'), modifiedAt: new Date() });
    const unused = await blob(store, 'unused');
    passes(graceMs + 1);
    await prune();
    expect(await isStored(unused)).toEqual([false, false]);
  });
});

describe('a put while the blob is being deleted', () => {
  it('waits until the bytes are gone, and writes them again', async () => {
    const id = await blob(store, 'contested');
    passes(graceMs + 1);
    const gate = blobs.gate('delete');
    const pruning = prune();
    await gate.reached;
    expect(await store.blobs.stat(id)).toBeNull();
    let isPut = false;
    const putting = blob(store, 'contested').then(() => (isPut = true));
    await waiting();
    expect(isPut).toBe(false);
    gate.open();
    await Promise.all([pruning, putting]);
    expect(await isStored(id)).toEqual([true, true]);
    await prune();
    expect(await isStored(id)).toEqual([true, true]);
  });

  it('keeps the bytes if its row was there first', async () => {
    const id = await blob(store, 'contested');
    passes(graceMs + 1);
    blobs.failsDelete = true;
    await expect(prune()).rejects.toThrow(/cannot be reached/);
    expect(await isStored(id)).toEqual([true, false]);
    blobs.failsDelete = false;
    const gate = blobs.gate('put');
    const putting = blob(store, 'contested');
    await gate.reached;
    await prune();
    expect(await blobs.has(id)).toBe(true);
    gate.open();
    await putting;
    expect(await isStored(id)).toEqual([true, true]);
  });

  it('renews the grace of a row that is about to be deleted', async () => {
    const id = await blob(store, 'contested');
    passes(graceMs + 1);
    const other = await connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM blobs WHERE id = $1 FOR UPDATE', [id]);
    const pruning = prune();
    await waiting();
    await other.query('UPDATE blobs SET last_put_at = $2 WHERE id = $1', [id, new Date(now)]);
    await other.query('COMMIT');
    await other.end();
    expect(await pruning).toMatchObject({ blobs: 0 });
    expect(await isStored(id)).toEqual([true, true]);
  });
});

describe('a row that names a blob while it is being deleted', () => {
  it('keeps the blob, and the other blobs are deleted', async () => {
    const image = await blob(store, 'target');
    const others = await Promise.all(Array.from({ length: 9 }, (_, index) => blob(store, `unused ${index}`)));
    const job = await store.createJob(await newJob(store));
    await query(url, 'DELETE FROM jobs');
    passes(graceMs + 1);
    const client = await connect();
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO jobs (id, name, target_image, target_original, target_width, target_height, target_had_alpha, language,
         model, instructions, policy, budget, status, enqueued_at, created_at)
       VALUES ($1, 'late', $2, $2, 1, 1, false, 'svg', 'a/b', '', '{}', '{}', 'queued', now(), now())`,
      [job.id, image],
    );
    const pruning = prune();
    await waiting();
    await client.query('COMMIT');
    await client.end();
    expect(await pruning).toMatchObject({ blobs: 9 });
    expect(await isStored(image)).toEqual([true, true]);
    for (const id of others) expect(await isStored(id)).toEqual([false, false]);
  });
});

describe('pruning', () => {
  it('deletes the bytes that an interrupted collection left', async () => {
    const id = await blob(store, 'unused');
    passes(graceMs + 1);
    blobs.failsDelete = true;
    await expect(prune()).rejects.toThrow(/cannot be reached/);
    expect(await isStored(id)).toEqual([true, false]);
    blobs.failsDelete = false;
    await prune();
    expect(await blobs.has(id)).toBe(false);
  });

  it('runs in one process at a time', async () => {
    await blob(store, 'unused');
    passes(graceMs + 1);
    const gate = blobs.gate('delete');
    const first = prune();
    await gate.reached;
    expect(await prune()).toBeNull();
    gate.open();
    expect(await first).toMatchObject({ blobs: 1 });
    expect(await prune()).toMatchObject({ blobs: 0 });
  });

  it('stops when it is aborted, and deletes nothing it has not looked at', async () => {
    const id = await blob(store, 'unused');
    passes(graceMs + 1);
    const result = await store.prune({ retention: keepAll, graceMs, signal: AbortSignal.abort() });
    expect(result).toEqual({ jobs: 0, blobs: 0, bytes: 0 });
    expect(await isStored(id)).toEqual([true, true]);
  });

  it('deletes nothing of jobs that run at the same time', async () => {
    const real = createStore({ databaseUrl: url, blobs });
    const claims = await Promise.all([claimedJob(real), claimedJob(real)]);
    let running = true;
    const pruning = (async () => {
      while (running) await real.prune({ retention: keepAll, graceMs: 5000 });
    })();
    for (let index = 0; index < 6; index++) {
      await Promise.all(claims.map((claim) => runIteration(real, claim, index, 0.5)));
      await blob(real, `unused ${randomUUID()}`);
    }
    running = false;
    await pruning;
    for (const { jobId } of claims) {
      for (const candidate of await real.listCandidates(jobId)) {
        for (const id of [candidate.code!, candidate.call!.prompt, candidate.call!.reply]) {
          expect(await isStored(id)).toEqual([true, true]);
        }
      }
    }
    await real.close();
  });
});

describe('the retention', () => {
  /** A job that ends now. */
  async function endedJob(): Promise<string> {
    const job = await store.createJob(await newJob(store));
    await store.cancelJob(job.id);
    passes(hour);
    return job.id;
  }
  const remaining = async (ids: string[]) => {
    const jobs = await Promise.all(ids.map((id) => store.getJob(id)));
    return jobs.map((job) => job !== null);
  };

  it('keeps all jobs by default', async () => {
    const id = await endedJob();
    passes(5000 * 24 * hour);
    await prune();
    expect(await remaining([id])).toEqual([true]);
  });

  it('deletes ended jobs by their age and by their number, and no other jobs', async () => {
    const open = await store.createJob(await newJob(store));
    const running = await claimedJob(store);
    const old = await endedJob();
    passes(10 * 24 * hour);
    const ended = [await endedJob(), await endedJob(), await endedJob()];
    expect(await prune({ maxAgeDays: 5, maxJobs: null })).toMatchObject({ jobs: 1 });
    expect(await remaining([old, ...ended])).toEqual([false, true, true, true]);
    expect(await prune({ maxAgeDays: 5, maxJobs: 2 })).toMatchObject({ jobs: 1 });
    expect(await remaining([...ended, open.id, running.jobId])).toEqual([false, true, true, true, true]);
    expect(await prune({ maxAgeDays: null, maxJobs: 0 })).toMatchObject({ jobs: 2 });
    expect(await remaining([...ended, open.id, running.jobId])).toEqual([false, false, false, true, true]);
  });

  it('deletes more jobs than fit in one statement', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 45; index++) ids.push(await endedJob());
    expect(await prune({ maxAgeDays: null, maxJobs: 1 })).toMatchObject({ jobs: 44 });
    expect((await remaining(ids)).filter(Boolean)).toHaveLength(1);
  });

  it('leaves a job that is retried while it is being deleted', async () => {
    const id = await endedJob();
    const client = await connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM jobs WHERE id = $1 FOR UPDATE', [id]);
    const pruning = prune({ maxAgeDays: null, maxJobs: 0 });
    await waiting();
    await client.query(`UPDATE jobs SET status = 'queued', finished_at = NULL WHERE id = $1`, [id]);
    await client.query('COMMIT');
    await client.end();
    expect(await pruning).toMatchObject({ jobs: 0 });
    expect((await store.getJob(id))!.status).toBe('queued');
  });

  it('is described before it is applied, and nothing changes by that', async () => {
    const retention = { maxAgeDays: null, maxJobs: 1 };
    for (const name of ['a', 'b', 'c']) {
      const claim = await claimedJob(store, { initialCode: await blob(store, `code of ${name}`) });
      await runIteration(store, claim, 0, 0.5);
      await store.finish(claim, { stopReason: 'threshold', outcome: 'threshold_met', detail: '', error: null });
      passes(hour);
    }
    await blob(store, 'unused');
    passes(graceMs + 1);
    const before = await describeStorage(retention);
    expect(await describeStorage(retention)).toEqual(before);
    expect(before.stored.jobs).toBe(3);
    expect(before.prunable.jobs).toBe(2);
    expect(before.prunable.blobs).toBeGreaterThan(5);
    expect(await prune(retention)).toEqual(before.prunable);
    const after = await describeStorage(retention);
    expect(after.prunable).toEqual({ jobs: 0, blobs: 0, bytes: 0 });
    for (const key of ['jobs', 'blobs', 'bytes'] as const) {
      expect(after.stored[key]).toBe(before.stored[key] - before.prunable[key]);
    }
  });
});

describe('stray files', () => {
  const find = (dryRun: boolean, age = 0) => store.findStrayFiles({ graceMs: age, dryRun });
  const stray = async (content: string) => {
    const id = await blob(store, content);
    await query(url, 'DELETE FROM blobs WHERE id = $1', [id]);
    return id;
  };

  it('are found, and deleted only without a dry run', async () => {
    const job = await store.createJob(await newJob(store));
    const id = await stray('stray');
    expect(await find(true, -1000)).toEqual({ files: 1, bytes: 5 });
    expect(await blobs.has(id)).toBe(true);
    expect(await find(false, -1000)).toEqual({ files: 1, bytes: 5 });
    expect(await blobs.has(id)).toBe(false);
    expect(await isStored(job.target.image)).toEqual([true, true]);
  });

  it('are kept while they are new, and never deleted by pruning', async () => {
    await store.createJob(await newJob(store));
    const id = await stray('stray');
    expect(await find(false, hour)).toEqual({ files: 0, bytes: 0 });
    passes(graceMs + 1);
    await prune();
    expect(await blobs.has(id)).toBe(true);
  });

  it('are not deleted in a blob store that does not have the images of the newest jobs', async () => {
    const id = await stray('of another database');
    await expect(find(false, -1000)).rejects.toThrow(ForeignBlobStoreError);
    const job = await store.createJob(await newJob(store));
    await blobs.delete(job.target.image);
    await expect(find(false, -1000)).rejects.toThrow(/set PENTIMENTO_BLOB_STORE and DATABASE_URL/);
    expect(await blobs.has(id)).toBe(true);
    expect(await find(true, -1000)).toMatchObject({ files: 1 });
  });
});
