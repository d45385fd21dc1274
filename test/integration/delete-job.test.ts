import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';
import { readEvents } from '../support/events.ts';
import { query } from '../support/postgres.ts';

let api: Api;
let databaseUrl: string;

beforeAll(async () => {
  api = await startApi({ PENTIMENTO_WORKER_CONCURRENCY: '1' });
  const serverFile = await readFile(join(api.stack.home, 'server.json'), 'utf8');
  ({ databaseUrl } = JSON.parse(serverFile) as { databaseUrl: string });
});
afterAll(() => api?.stop());

const remove = (id: string) => fetch(api.at(`/v1/jobs/${id}`), { method: 'DELETE' });
const oneIteration = { model: 'scripted/square', 'policy.maxIterations': '1' };

async function rowsOf(jobId: string): Promise<number> {
  const counts = ['iterations', 'candidates', 'model_calls', 'events'].map(
    (table) => `(SELECT count(*) FROM ${table} WHERE job_id = $1)`,
  );
  const [row] = await query(databaseUrl, `SELECT (${counts.join(' + ')})::int AS count`, [jobId]);
  return row!.count as number;
}

describe('DELETE /v1/jobs/{id}', () => {
  it('deletes an ended job with its trajectory, once', async () => {
    const job = await api.submit(oneIteration);
    await api.ended(job);
    const { data } = (await api.getJson(`/v1/jobs/${job.id}/candidates`)) as { data: { id: string }[] };
    expect(await rowsOf(job.id)).toBeGreaterThan(5);
    const response = await remove(job.id);
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(await rowsOf(job.id)).toBe(0);
    for (const path of ['', '/events', '/iterations', '/candidates']) {
      expect(await problem(await fetch(api.at(`/v1/jobs/${job.id}${path}`)))).toMatchObject({ code: 'not-found' });
    }
    expect((await fetch(api.at(`/v1/candidates/${data[0]!.id}`))).status).toBe(404);
    expect(await problem(await remove(job.id))).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('takes a running job from its worker, which stops and takes the next one', async () => {
    const job = await api.submit({ model: 'scripted/hangs' });
    await api.started(job);
    const watching = readEvents(api.at(`/v1/jobs/${job.id}`));
    const next = await api.submit(oneIteration);
    expect((await remove(job.id)).status).toBe(204);
    expect((await watching).at(-1)!.event).toBe('candidate.stage');
    await api.ended(next);
    expect(await api.getJob(next)).toMatchObject({ status: 'succeeded' });
    expect(await rowsOf(job.id)).toBe(0);
    expect((await fetch(api.at(`/v1/jobs/${job.id}`))).status).toBe(404);
  });

  it('deletes a queued job, which no worker starts', async () => {
    const running = await api.submit({ model: 'scripted/hangs' });
    await api.started(running);
    const queued = await api.submit(oneIteration);
    expect((await remove(queued.id)).status).toBe(204);
    await remove(running.id);
    const last = await api.submit(oneIteration);
    await api.ended(last);
    expect(await rowsOf(queued.id)).toBe(0);
    expect((await fetch(api.at(`/v1/jobs/${queued.id}`))).status).toBe(404);
  });

  it('refuses a request of a foreign web page', async () => {
    const job = await api.submit(oneIteration);
    await api.ended(job);
    const headers = { origin: 'https://elsewhere.example' };
    const response = await fetch(api.at(`/v1/jobs/${job.id}`), { method: 'DELETE', headers });
    expect(response.status).toBe(403);
    expect((await api.getJob(job)).id).toBe(job.id);
  });
});
