import { existsSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplePageSchema } from '@pentimento/api-contracts';
import { pruneResultSchema, storageSchema, type Job } from '@pentimento/contracts';
import { problem, startApi, type Api } from '../support/api.ts';
import { query } from '../support/postgres.ts';

let api: Api;
let databaseUrl: string;

beforeAll(async () => {
  api = await startApi();
  const serverFile = await readFile(join(api.stack.home, 'server.json'), 'utf8');
  ({ databaseUrl } = JSON.parse(serverFile) as { databaseUrl: string });
});
afterAll(() => api?.stop());

const pathOf = (id: string) => join(api.stack.home, 'blobs', id.slice(0, 2), id.slice(2, 4), id);
const storage = async (search = '') => storageSchema.parse(await api.getJson(`/v1/storage${search}`));
const prune = async (request: object = {}) =>
  pruneResultSchema.parse(await (await api.sendJson('/v1/storage/prune', request)).json());
/** As if every blob had been put two days ago. */
const age = () => query(databaseUrl, `UPDATE blobs SET last_put_at = now() - interval '2 days'`);

async function endedJob(): Promise<Job> {
  const job = await api.submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
  await api.ended(job);
  return api.getJob(job);
}

describe('pruning', () => {
  it('deletes the blobs of a deleted job once their grace has passed, from the disk too', async () => {
    const [job, kept] = [await endedJob(), await endedJob()];
    const [reply] = await query(databaseUrl, 'SELECT reply FROM model_calls WHERE job_id = $1', [job.id]);
    await fetch(api.at(`/v1/jobs/${job.id}`), { method: 'DELETE' });
    expect((await prune()).deleted.blobs).toBe(0);
    await age();
    const before = await storage();
    expect(before.stored.jobs).toBe(1);
    expect(await prune()).toEqual({ deleted: before.prunable, strayFiles: null });
    expect(existsSync(pathOf(kept.best!.image))).toBe(true);
    expect((await fetch(api.at(`/v1/blobs/${kept.best!.image}`))).status).toBe(200);
    // Both jobs have the same replies and renders; nothing of the job that is left is gone.
    expect(existsSync(pathOf(String(reply!.reply)))).toBe(true);
    await fetch(api.at(`/v1/jobs/${kept.id}`), { method: 'DELETE' });
    await age();
    expect((await prune()).deleted.blobs).toBeGreaterThan(3);
    for (const id of [kept.best!.image, kept.target.image, String(reply!.reply)]) {
      expect(existsSync(pathOf(id))).toBe(false);
      expect(await problem(await fetch(api.at(`/v1/blobs/${id}`)))).toMatchObject({ code: 'not-found' });
    }
    expect((await storage()).stored).toEqual({ jobs: 0, blobs: 0, bytes: 0 });
  });

  it('takes its limits from the request, and shows before what they delete', async () => {
    const jobs = [await endedJob(), await endedJob()];
    expect((await storage()).prunable.jobs).toBe(0);
    expect((await storage('?maxJobs=1')).prunable.jobs).toBe(1);
    expect((await storage('?maxJobs=1')).retention).toEqual({ maxAgeDays: null, maxJobs: 1 });
    expect((await prune({ maxJobs: 1 })).deleted.jobs).toBe(1);
    expect((await fetch(api.at(`/v1/jobs/${jobs[0]!.id}`))).status).toBe(404);
    expect((await api.getJob(jobs[1]!)).status).toBe('succeeded');
    const invalid = await problem(await api.sendJson('/v1/storage/prune', { maxAgeDays: -1 }));
    expect(invalid).toMatchObject({ status: 400, pointers: ['/maxAgeDays'] });
  });

  it('leaves the example targets usable', async () => {
    const examples = async () => examplePageSchema.parse(await api.getJson('/v1/examples')).data;
    const [example] = await examples();
    await age();
    await prune();
    expect((await fetch(api.at(`/v1/blobs/${example!.image}`))).status).toBe(404);
    expect((await examples())[0]).toEqual(example);
    expect((await fetch(api.at(`/v1/blobs/${example!.image}`))).status).toBe(200);
  });

  it('deletes stray files only on request', async () => {
    await endedJob();
    const content = 'left by another database';
    const path = pathOf(createHash('sha256').update(content).digest('hex'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await utimes(path, 1, 1);
    await prune();
    expect((await storage('?strayFiles=true')).strayFiles).toEqual({ files: 1, bytes: content.length });
    expect(existsSync(path)).toBe(true);
    expect((await prune({ strayFiles: true })).strayFiles).toEqual({ files: 1, bytes: content.length });
    expect(existsSync(path)).toBe(false);
  });
});

describe('the worker', () => {
  it('prunes by the settings at regular intervals', async () => {
    const limited = await startApi({ PENTIMENTO_KEEP_JOBS: '1', PENTIMENTO_PRUNE_MS: '200' });
    try {
      const jobs: Job[] = [];
      for (let index = 0; index < 3; index++) {
        const job = await limited.submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
        jobs.push(job);
        await expect
          .poll(async () => (await fetch(limited.at(`/v1/jobs/${job.id}/events?format=json`))).text(), {
            timeout: 30_000,
          })
          .toContain('job.finished');
      }
      const statuses = async () =>
        Promise.all(jobs.map(async ({ id }) => (await fetch(limited.at(`/v1/jobs/${id}`))).status));
      await expect.poll(statuses, { timeout: 20_000 }).toEqual([404, 404, 200]);
    } finally {
      await limited.stop();
    }
  });
});
