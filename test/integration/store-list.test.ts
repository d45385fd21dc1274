import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listJobsSchema, type Job } from '@pentimento/contracts';
import { createStore, InvalidCursorError, type NewJob, type Store } from '@pentimento/store';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { newJob } from '../support/trajectory.ts';

let postgres: TestPostgres;
let store: Store;
let now = Date.parse('2026-11-23T10:00:00.000Z');
const jobs: Job[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  const clock = { now: () => now };
  store = createStore({ databaseUrl: await postgres.newDatabase(), blobs: postgres.blobs, clock });
  const create = async (parts: Partial<NewJob>) => {
    jobs.push(await store.createJob(await newJob(store, parts)));
  };
  // Two of them at the same millisecond, so that the id has to decide.
  await create({ name: 'Größe 100%.png', language: 'svg' });
  await create({ name: 'sales_2024.png', language: 'html' });
  now += 1000;
  await create({ name: 'salesX2024.png', language: 'svg', model: 'openai/gpt' });
  now += 1000;
  await create({ name: 'molecule.png', language: 'smiles' });
  await create({ name: 'a\\b.png', language: 'svg' });
  await store.cancelJob(jobs[2]!.id);
  await store.claim(jobs[3]!.id, 'worker', 60_000);
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const list = (query: Record<string, unknown>) => store.listJobs(listJobsSchema.parse(query));
const names = async (query: Record<string, unknown>) => (await list(query)).data.map((job) => job.name).toSorted();
const newestFirst = () =>
  jobs
    .toSorted((a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1))
    .map((job) => job.id);

describe('the list of jobs', () => {
  it('pages through all of them, newest first, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 2, cursor });
      seen.push(...page.data.map((job) => job.id));
      expect(page.hasMore).toBe(page.nextCursor !== null);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(newestFirst());
  });

  it('goes on from its cursor though newer jobs have come', async () => {
    const first = await list({ limit: 4 });
    now += 1000;
    const newer = await store.createJob(await newJob(store, { name: 'newer.png' }));
    jobs.push(newer);
    const rest = await list({ limit: 4, cursor: first.nextCursor! });
    expect([...first.data, ...rest.data].map((job) => job.id)).toEqual(newestFirst().filter((id) => id !== newer.id));
  });

  it('is the jobs as they are read alone', async () => {
    for (const job of (await list({})).data) expect(job).toEqual(await store.getJob(job.id));
  });

  it('counts by status under the other filters', async () => {
    const none = { queued: 0, running: 0, waiting: 0, canceling: 0, succeeded: 0, failed: 0, canceled: 0 };
    expect((await list({ language: 'svg', search: 'png', status: 'canceled' })).counts).toEqual({
      ...none,
      queued: (await list({ language: 'svg', status: 'queued' })).data.length,
      canceled: 1,
    });
    expect((await list({ language: 'latex' })).counts).toEqual(none);
  });

  it('filters by status, language and model', async () => {
    expect(await names({ status: 'running,canceled' })).toEqual(['molecule.png', 'salesX2024.png']);
    expect(await names({ language: 'html' })).toEqual(['sales_2024.png']);
    expect(await names({ model: 'openai/gpt' })).toEqual(['salesX2024.png']);
    expect(await names({ model: 'openai/g' })).toEqual([]);
  });

  it('searches for what was typed, in any case, and takes no character for a wildcard', async () => {
    expect(await names({ search: 'GRÖSSE' })).toEqual([]);
    expect(await names({ search: 'GRÖßE' })).toEqual(['Größe 100%.png']);
    expect(await names({ search: '0%' })).toEqual(['Größe 100%.png']);
    expect(await names({ search: 'sales_2' })).toEqual(['sales_2024.png']);
    expect(await names({ search: '\\b' })).toEqual(['a\\b.png']);
    expect(await names({ search: "';--" })).toEqual([]);
    expect(await names({ search: 'mole\0cule' })).toEqual(['molecule.png']);
    expect(await names({ search: jobs[3]!.id.slice(4) })).toEqual(['molecule.png']);
  });

  it('refuses a cursor that it has not handed out', async () => {
    const forged = Buffer.from(`2026-99-99T10:00:00.000Z ${jobs[0]!.id}`).toString('base64url');
    for (const cursor of ['x', '', forged]) await expect(list({ cursor })).rejects.toThrow(InvalidCursorError);
  });
});
