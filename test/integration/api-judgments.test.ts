import { randomUUID } from 'node:crypto';
import { candidatePageSchema } from '@pentimento/api-contracts';
import { jobPageSchema, jobSchema, judgmentPageSchema, judgmentSchema } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

/** An ended job, with the ids of its candidates. */
async function endedJob(maxIterations = 2) {
  const fields = {
    model: 'builtin/vectorizer',
    'policy.threshold': '1',
    'policy.maxIterations': String(maxIterations),
  };
  const job = await api.submit(fields);
  await api.ended(job);
  const { data } = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`));
  return { id: job.id, candidates: data.map((candidate) => candidate.id) };
}

const judge = (candidate: string, body: unknown, headers = {}) =>
  api.sendJson(`/v1/candidates/${candidate}/judgments`, body, headers);
const judgmentsOf = async (job: string) =>
  judgmentPageSchema.parse(await api.getJson(`/v1/jobs/${job}/judgments`)).data;
const withdraw = (id: string) => fetch(api.at(`/v1/judgments/${id}`), { method: 'DELETE' });
const putTags = (job: string, body: unknown) =>
  fetch(api.at(`/v1/jobs/${job}/tags`), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('judgments', () => {
  it('are made, listed with their history and withdrawn', async () => {
    const { id, candidates } = await endedJob();
    const [first, second] = candidates as [string, string];
    expect(await judgmentsOf(id)).toEqual([]);

    const response = await judge(first, { verdict: 'reject', note: '  <b>too thin</b>\n' });
    expect(response.status).toBe(201);
    const rejected = judgmentSchema.parse(await response.json());
    expect(rejected).toMatchObject({ jobId: id, candidate: first, verdict: 'reject', note: '<b>too thin</b>' });
    expect(rejected.author).toEqual({ kind: 'human', name: '' });
    const author = { kind: 'model', name: 'judge-7b' };
    const preferred = judgmentSchema.parse(await (await judge(second, { preferredOver: first, author })).json());
    expect(preferred).toMatchObject({ candidate: second, preferredOver: first, verdict: null, author });
    expect(await judgmentsOf(id)).toEqual([rejected, preferred]);

    const response204 = await withdraw(rejected.id);
    expect([response204.status, await response204.text()]).toEqual([204, '']);
    expect((await withdraw(rejected.id)).status).toBe(204);
    const [withdrawn] = await judgmentsOf(id);
    expect(withdrawn).toEqual({ ...rejected, withdrawnAt: expect.any(String) });
  });

  it('can be made on a candidate of a running job', async () => {
    const job = await api.submit({ model: 'scripted/hangs', code: '<svg xmlns="http://www.w3.org/2000/svg"/>' });
    await expect.poll(async () => (await api.getJob(job)).scores.length, { timeout: 20_000 }).toBe(1);
    const { data } = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`));
    expect((await judge(data[0]!.id, { verdict: 'accept' })).status).toBe(201);
    await fetch(api.at(`/v1/jobs/${job.id}`), { method: 'DELETE' });
  });

  it('are refused with the field and the remedy where they are invalid', async () => {
    const { id, candidates } = await endedJob();
    const [candidate, other] = candidates as [string, string];
    const refused = async (body: unknown) => {
      const { status, pointers } = await problem(await judge(candidate, body));
      return [status, ...pointers];
    };
    expect(await refused({})).toEqual([400, '']);
    expect(await refused({ verdict: 'perhaps' })).toEqual([400, '/verdict']);
    expect(await refused({ verdict: 'accept', preferredOver: other })).toEqual([400, '/verdict']);
    expect(await refused({ preferredOver: 'the other' })).toEqual([400, '/preferredOver']);
    expect(await refused({ note: 'x'.repeat(4001) })).toEqual([400, '/note']);
    expect(await refused({ note: 'a\0b' })).toEqual([400, '/note']);
    expect(await refused({ verdict: 'accept', author: { kind: 'cat' } })).toEqual([400, '/author/kind']);
    expect(await refused({ verdict: 'accept', score: 1 })).toEqual([400, '/score']);
    expect(await problem(await judge(candidate, {}))).toMatchObject({
      detail:
        'Correct the request: the request: Give a verdict, the candidate that this one is preferred over, or a note.',
    });
    const text = await api.sendJson(`/v1/candidates/${candidate}/judgments`, {}, { 'content-type': 'text/plain' });
    expect(await problem(text)).toMatchObject({ status: 415 });
    expect(await judgmentsOf(id)).toEqual([]);
  });

  it('prefer a candidate over another of the same job only', async () => {
    const [{ candidates }, foreign] = [await endedJob(), await endedJob(1)];
    for (const preferredOver of [candidates[0], foreign.candidates[0], `cand_${randomUUID()}`]) {
      expect(await problem(await judge(candidates[0]!, { preferredOver }))).toMatchObject({
        status: 400,
        code: 'invalid-request',
        pointers: ['/preferredOver'],
        detail: expect.stringContaining('GET /v1/jobs/{id}/candidates'),
      });
    }
  });

  it('are not found where their candidate, job or id is unknown', async () => {
    const verdict = { verdict: 'accept' };
    expect(await problem(await judge(`cand_${randomUUID()}`, verdict))).toMatchObject({
      status: 404,
      detail: 'There is no such candidate.',
    });
    expect(await problem(await judge('cand_1', verdict))).toMatchObject({ status: 400, pointers: ['/id'] });
    const missing = await fetch(api.at(`/v1/jobs/job_${randomUUID()}/judgments`));
    expect(await problem(missing)).toMatchObject({ status: 404, detail: 'There is no such job.' });
    expect(await problem(await withdraw(`judg_${randomUUID()}`))).toMatchObject({
      status: 404,
      detail: 'There is no such judgment.',
    });
  });

  it('are deleted with their job', async () => {
    const { id, candidates } = await endedJob(1);
    const { id: judgment } = judgmentSchema.parse(await (await judge(candidates[0]!, { verdict: 'accept' })).json());
    expect((await fetch(api.at(`/v1/jobs/${id}`), { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(api.at(`/v1/jobs/${id}/judgments`))).status).toBe(404);
    expect((await judge(candidates[0]!, { verdict: 'accept' })).status).toBe(404);
    expect((await withdraw(judgment)).status).toBe(404);
  });

  it('are not made by a foreign web page', async () => {
    const { id, candidates } = await endedJob(1);
    const response = await judge(candidates[0]!, { verdict: 'accept' }, { origin: 'https://elsewhere.example' });
    expect(await problem(response)).toMatchObject({ status: 403 });
    expect(await judgmentsOf(id)).toEqual([]);
  });
});

describe('tags', () => {
  it('are replaced as a whole, and filter the list', async () => {
    const { id } = await endedJob(1);
    const tag = `t-${randomUUID()}`;
    const response = await putTags(id, { tags: [tag, 'chart', tag] });
    expect(response.status).toBe(200);
    expect(jobSchema.parse(await response.json()).tags).toEqual(['chart', tag].toSorted());
    const page = jobPageSchema.parse(await api.getJson(`/v1/jobs?tag=${tag},chart`));
    expect(page.data.map((job) => job.id)).toEqual([id]);
    expect(page.counts.succeeded).toBe(1);
    expect(jobPageSchema.parse(await api.getJson(`/v1/jobs?tag=${tag},other`)).data).toEqual([]);
    await putTags(id, { tags: [] });
    expect(jobPageSchema.parse(await api.getJson(`/v1/jobs?tag=${tag}`)).data).toEqual([]);
  });

  it('are refused where they are invalid, too many, or of no job', async () => {
    const { id } = await endedJob(1);
    expect(await problem(await putTags(id, { tags: ['good', 'not good'] }))).toMatchObject({
      status: 400,
      pointers: ['/tags/1'],
      detail: expect.stringContaining('1 to 40 characters'),
    });
    const many = Array.from({ length: 33 }, (_, index) => `tag-${index}`);
    expect(await problem(await putTags(id, { tags: many }))).toMatchObject({ status: 400, pointers: ['/tags'] });
    expect(await problem(await putTags(id, many))).toMatchObject({ status: 400 });
    expect((await putTags(id, { tags: many.slice(1) })).status).toBe(200);
    expect(await problem(await putTags(`job_${randomUUID()}`, { tags: [] }))).toMatchObject({ status: 404 });
    expect(await problem(await fetch(api.at('/v1/jobs?tag=not%20good')))).toMatchObject({
      status: 400,
      pointers: ['/tag/0'],
    });
  });
});
