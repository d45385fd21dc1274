import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBlobStore } from '@pentimento/blob-store';
import { createStore, migrate, type Store } from '@pentimento/store';
import { query, startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { runIteration } from '../support/trajectory.ts';

/** What servers and workers of commit 38fcb8b stored, with the schema of its newest migration, 20261123114500. */
const fixture = join(import.meta.dirname, '../fixtures/database-20261123114500');

type Row = Record<string, unknown> & { id: string };
/** The rows as they were before the upgrade, with the rows that are read together as one value. */
interface Old {
  jobs: Row[];
  iterations: (Row & { job_id: string; index: number })[];
  candidates: (Row & { job_id: string })[];
  events: (Row & { job_id: string; seq: number; at: string })[];
  blobs: (Row & { media_type: string; bytes: number })[];
}

let postgres: TestPostgres;
let url: string;
let old: Old;
let store: Store;
let applied: string[];

beforeAll(async () => {
  postgres = await startTestPostgres();
  url = await postgres.newDatabase({ migrated: false });
  for (const file of ['schema.sql', 'rows.sql']) await query(url, await readFile(join(fixture, file), 'utf8'));
  old = await readOld();
  ({ applied } = await migrate(url));
  store = createStore({ databaseUrl: url, blobs: openBlobStore(await writeBlobs()) });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

async function readOld(): Promise<Old> {
  const rows = async (sql: string) => (await query(url, sql)).map(({ row }) => row as never);
  return {
    jobs: await rows(`SELECT to_jsonb(j) - '{token,recoveries,last_seq}'::text[] AS row FROM jobs j ORDER BY id`),
    iterations: await rows(`SELECT to_jsonb(i) AS row FROM iterations i ORDER BY job_id, index`),
    candidates: await rows(
      `SELECT to_jsonb(c) - '{call_id,render_image}'::text[] || jsonb_build_object(
         'call', to_jsonb(m) - '{id,job_id}'::text[], 'reward', to_jsonb(r) - 'candidate_id') AS row
       FROM candidates c JOIN rewards r ON candidate_id = c.id LEFT JOIN model_calls m ON m.id = call_id
       ORDER BY c.job_id, c.iteration, c.index`,
    ),
    events: await rows(`SELECT to_jsonb(e) AS row FROM events e ORDER BY job_id, seq`),
    blobs: await rows(`SELECT to_jsonb(b) AS row FROM blobs b`),
  };
}

/** The blob files where that release kept them. */
async function writeBlobs(): Promise<string> {
  const folder = join(postgres.folder, 'blobs');
  const blobs = JSON.parse(await readFile(join(fixture, 'blobs.json'), 'utf8')) as Record<string, string>;
  for (const [id, bytes] of Object.entries(blobs)) {
    const path = join(folder, id.slice(0, 2), id.slice(2, 4), id);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.from(bytes, 'base64'));
  }
  return folder;
}

/** All numbers and ids in a value. They survive every rename of a field or of an enum's value. */
function factsIn(value: unknown): string[] {
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return /^([0-9a-f]{64}|(job|cand)_[0-9a-f-]{36})$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(factsIn);
}

/** The facts of `before` that `after` has not, each as often as it is missing. */
function lostFacts(before: unknown, after: unknown): string[] {
  const left = factsIn(after);
  return factsIn(before).filter((fact) => {
    const at = left.indexOf(fact);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('a database of the first release', () => {
  it('gets every newer migration', () => {
    expect(applied.length).toBeGreaterThan(0);
    expect(applied.every((name) => name > '20261123114500')).toBe(true);
  });

  it('keeps every job', async () => {
    expect(old.jobs).toHaveLength(14);
    for (const row of old.jobs) {
      const job = await store.getJob(row.id);
      expect(job).toMatchObject({ id: row.id, name: row.name, model: row.model, instructions: row.instructions });
      expect(job).toMatchObject({ status: row.status, language: row.language, stopDetail: row.stop_detail });
      expect(lostFacts(row, job), `job ${row.id}`).toEqual([]);
    }
    const { data } = await store.listJobs({ limit: 100, kind: ['refinement'] });
    expect(data.map((job) => job.id).toSorted()).toEqual(old.jobs.map((row) => row.id).toSorted());
  });

  it('keeps every iteration', async () => {
    expect(new Set(old.iterations.map((row) => row.kind)).size).toBe(5);
    for (const row of old.iterations) {
      const iteration = await store.getIteration(row.job_id, row.index);
      expect(lostFacts(row, iteration), `iteration ${row.index} of ${row.job_id}`).toEqual([]);
    }
    for (const { id } of old.jobs) {
      const count = old.iterations.filter((row) => row.job_id === id).length;
      expect(await store.listIterations(id)).toHaveLength(count);
    }
  });

  it('keeps every candidate with its call, render and reward', async () => {
    expect(new Set(old.candidates.map((row) => row.reading)).size).toBe(6);
    for (const row of old.candidates) {
      const candidate = await store.getCandidate(row.id);
      expect(lostFacts(row, candidate), `candidate ${row.id}`).toEqual([]);
    }
    for (const { id } of old.jobs) {
      const ids = old.candidates.filter((row) => row.job_id === id).map((row) => row.id);
      expect((await store.listCandidates(id)).map((candidate) => candidate.id)).toEqual(ids);
    }
  });

  it('keeps every term of a reward under its name', async () => {
    const columns = ['overall', 'visual', 'alignment', 'execution', 'worst_tile', 'low_quantile'];
    // eslint-disable-next-line pentimento/names -- the old database spells it so
    const addedColumns = ['windows_term', 'size', 'aspect', 'colour', 'text', 'shift_tolerant'];
    const names: Record<string, string> = {
      worst_tile: 'worstTile',
      low_quantile: 'lowQuantile',
      windows_term: 'windows',
      // eslint-disable-next-line pentimento/names -- the old database spells it so
      colour: 'color',
      shift_tolerant: 'shiftTolerant',
    };
    for (const row of old.candidates) {
      const reward = row.reward as Record<string, number | null>;
      const terms = [...columns, ...addedColumns].map((column) => [names[column] ?? column, reward[column]]);
      expect((await store.getCandidate(row.id))!.reward.terms).toEqual(Object.fromEntries(terms));
    }
  });

  it('keeps every event, in order', async () => {
    expect(old.events.length).toBeGreaterThan(100);
    for (const { id } of old.jobs) {
      const rows = old.events.filter((row) => row.job_id === id);
      const events = await store.listEvents(id, 0);
      expect(events.map((event) => event.seq)).toEqual(rows.map((row) => row.seq));
      for (const [index, row] of rows.entries()) {
        expect(Date.parse(events[index]!.at)).toBe(Date.parse(row.at));
        expect(lostFacts(row.data, events[index]!.data), `event ${row.seq} of ${id}`).toEqual([]);
      }
    }
  });

  it('keeps every blob', async () => {
    expect(old.blobs.length).toBeGreaterThan(100);
    for (const row of old.blobs) {
      expect(await store.blobs.stat(row.id)).toEqual({ mediaType: row.media_type, bytes: row.bytes });
      expect((await store.blobs.get(row.id))?.byteLength ?? null).toBe(row.bytes);
    }
  });

  it('takes new rows, and lets jobs go on', async () => {
    const job = (name: string) => old.jobs.find((row) => row.name === name)!.id;
    const queued = (await store.claim(job('queued'), 'worker', 60_000))!;
    await runIteration(store, queued, 0, 0.5);
    expect(await store.retryJob(job('fails'))).toMatchObject({ changed: true });
    const canceled = job('canceled');
    expect(await store.retryJob(canceled)).toMatchObject({ changed: true });
    const claim = (await store.claim(canceled, 'worker', 60_000))!;
    const { scores } = (await store.getJob(canceled))!;
    await runIteration(store, claim, scores.length, 0.9);
    expect((await store.getJob(canceled))!.scores).toEqual([...scores, 0.9]);
  });
});
