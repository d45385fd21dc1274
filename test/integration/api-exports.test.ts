import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { candidatePageSchema } from '@pentimento/api-contracts';
import {
  exportFilePageSchema,
  exportFormatPageSchema,
  exportPageSchema,
  exportPreviewSchema,
  exportSchema,
  isFinal,
  type CreateExportInput,
  type Export,
  type ExportFile,
  type Job,
} from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';
import { redisIsInstalled, startRedis } from '../support/redis.ts';
import { tarEntries } from '../support/tar.ts';

/** A machine may be busy, and the last test starts another server. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

let api: Api;
let jobs: Job[];

beforeAll(async () => {
  api = await startApi();
  jobs = [await refined(api), await refined(api, { language: 'html' }), await refined(api)];
});
afterAll(() => api?.stop());

async function refined(on: Api, fields: Record<string, string> = {}): Promise<Job> {
  const job = await on.submit({ model: 'scripted/square', 'policy.maxIterations': '2', ...fields });
  await on.ended(job);
  return on.getJob(job);
}

async function create(request: CreateExportInput, on = api): Promise<Export> {
  const response = await on.sendJson('/v1/exports', request);
  expect(response.status).toBe(202);
  const created = exportSchema.parse(await response.json());
  expect(response.headers.get('location')).toBe(created.links.self);
  return created;
}

/** Waits for the end of an export. */
async function ended({ links }: Export, on = api): Promise<Export> {
  for (;;) {
    const found = exportSchema.parse(await on.getJson(links.self));
    if (isFinal(found.status)) return found;
    await sleep(50);
  }
}
const exported = async (request: CreateExportInput) => ended(await create(request));
const filesOf = async ({ links }: Export, on = api): Promise<ExportFile[]> =>
  exportFilePageSchema.parse(await on.getJson(links.files)).data;
const download = async ({ links }: Export, path: string, on = api) =>
  Buffer.from(await (await fetch(on.at(`${links.files}/${path}`))).arrayBuffer());
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const lines = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('an export from start to end', () => {
  it('has the traces of the jobs that have ended, in files whose hashes are as listed', async () => {
    const queued = await create({ format: 'jsonl', name: 'first', options: { license: 'CC0-1.0' } });
    expect(queued).toMatchObject({ name: 'first', status: 'queued', manifest: null });
    const whole = await ended(queued);
    expect(whole).toMatchObject({
      status: 'succeeded',
      error: null,
      progress: { traces: 3, total: 3, rows: 3 },
      manifest: {
        format: 'jsonl',
        traces: 3,
        units: 3,
        rows: { train: 3 },
        drops: {},
        options: { license: 'CC0-1.0' },
      },
    });
    const files = await filesOf(whole);
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['manifest.json', 'traces.jsonl', 'drops.jsonl']),
    );
    for (const { path, bytes, sha256: hash } of files) {
      const content = await download(whole, path);
      expect([content.length, sha256(content)]).toEqual([bytes, hash]);
    }
    const traces = lines(await download(whole, 'traces.jsonl'));
    expect(traces.map(({ job }) => job.id)).toEqual(jobs.map(({ id }) => id));
    expect(traces[0]).toMatchObject({ job: { status: jobs[0]!.status, scores: jobs[0]!.scores }, split: 'train' });
    const manifest = JSON.parse((await download(whole, 'manifest.json')).toString());
    const listed = files.filter(({ path }) => path !== 'manifest.json');
    expect(manifest.files).toHaveLength(listed.length);
    expect(manifest.files).toEqual(expect.arrayContaining(listed));
  });

  it('has the rows of a trainer that a preview has shown before', async () => {
    const request = { format: 'easyr1', filter: { languages: ['svg'] } };
    const preview = exportPreviewSchema.parse(
      await (await api.sendJson('/v1/exports/preview', { ...request, rows: 3 })).json(),
    );
    const { manifest } = await exported(request);
    expect(preview.counts).toMatchObject({ trajectories: 2, languages: { svg: 2 } });
    expect(preview.rows).toHaveLength(3);
    expect(preview.rows[0]).toMatchObject({
      table: 'train',
      row: { job_id: jobs[0]!.id, images: [{ image: jobs[0]!.target.image, width: 64, height: 48 }] },
    });
    expect(manifest!.traces).toBe(2);
    expect(manifest!.rows.train).toBeGreaterThanOrEqual(preview.rows.length);
  });

  it('gives the same bytes when it is made again, until the jobs change', async () => {
    const request = { format: 'jsonl', filter: { languages: ['svg'] } };
    const [first, second] = [await exported(request), await exported(request)];
    expect(await filesOf(second)).toEqual(await filesOf(first));
    const archive = async ({ links }: Export) => Buffer.from(await (await fetch(api.at(links.archive))).arrayBuffer());
    expect((await archive(first)).equals(await archive(first))).toBe(true);
  });

  it('does not change when its jobs are deleted, and other jobs end', async () => {
    const kept = await exported({ format: 'jsonl', filter: { jobs: [jobs[1]!.id] } });
    const before = await filesOf(kept);
    expect((await fetch(api.at(jobs[1]!.links.self), { method: 'DELETE' })).status).toBe(204);
    expect(exportSchema.parse(await api.getJson(kept.links.self))).toEqual(kept);
    expect(await filesOf(kept)).toEqual(before);
    expect((await download(kept, 'traces.jsonl')).length).toBeGreaterThan(0);
    expect((await exported({ format: 'jsonl', filter: { jobs: [jobs[1]!.id] } })).manifest!.traces).toBe(0);
    jobs[1] = await refined(api, { language: 'html' });
  });

  it('lists a trace as a drop whose blob is gone', async () => {
    const job = await refined(api, { instructions: 'Unlike the others.' });
    const { data } = candidatePageSchema.parse(await api.getJson(`${job.links.self}/candidates`));
    const path = (id: string) => join(api.stack.home, 'blobs', id.slice(0, 2), id.slice(2, 4), id);
    await rm(path(data[0]!.call!.prompt));
    const found = await exported({ format: 'jsonl' });
    expect(found).toMatchObject({ status: 'succeeded', manifest: { traces: 4, units: 4, drops: { missing_blob: 1 } } });
    expect(lines(await download(found, 'drops.jsonl'))).toMatchObject([{ job: job.id, reason: 'missing_blob' }]);
    await fetch(api.at(job.links.self), { method: 'DELETE' });
  });
});

describe('the files of an export', () => {
  let whole: Export;
  let traces: Buffer;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(api.at(`${whole.links.files}/${path}`), { headers });
  beforeAll(async () => {
    whole = await exported({ format: 'jsonl' });
    traces = await download(whole, 'traces.jsonl');
  });

  it('are sent as attachments that no browser runs', async () => {
    const response = await get('traces.jsonl');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=traces.jsonl');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('etag')).toBe(`"${sha256(traces)}"`);
    expect((await get('traces.jsonl', { 'if-none-match': `"${sha256(traces)}"` })).status).toBe(304);
    const head = await fetch(api.at(`${whole.links.files}/traces.jsonl`), { method: 'HEAD' });
    expect([head.headers.get('content-length'), await head.text()]).toEqual([String(traces.length), '']);
    const [blob] = (await filesOf(whole)).filter(({ path }) => path.startsWith('blobs/'));
    expect((await get(blob!.path)).headers.get('content-type')).toBe('application/octet-stream');
  });

  it('are sent in part, so that a download can go on', async () => {
    const rest = await get('traces.jsonl', { range: 'bytes=100-' });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe(`bytes 100-${traces.length - 1}/${traces.length}`);
    expect(Buffer.from(await rest.arrayBuffer()).equals(traces.subarray(100))).toBe(true);
    const middle = await get('traces.jsonl', { range: 'bytes=5-9', 'if-range': `"${sha256(traces)}"` });
    expect(await middle.text()).toBe(traces.subarray(5, 10).toString());
    for (const headers of [
      { range: 'bytes=5-9', 'if-range': '"other"' },
      { range: 'bytes=0-1,5-9' },
      { range: 'lines=1-2' },
    ]) {
      const all = await get('traces.jsonl', headers as unknown as Record<string, string>);
      expect([all.status, (await all.arrayBuffer()).byteLength]).toEqual([200, traces.length]);
    }
    const outside = await get('traces.jsonl', { range: `bytes=${traces.length}-` });
    expect(outside.headers.get('content-range')).toBe(`bytes */${traces.length}`);
    expect(await problem(outside)).toMatchObject({ status: 416, code: 'range-not-satisfiable' });
  });

  it('are one archive, too', async () => {
    const response = await fetch(api.at(whole.links.archive));
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=${whole.id}.tar`);
    const entries = tarEntries(Buffer.from(await response.arrayBuffer()));
    const files = await filesOf(whole);
    const hashes = entries.map(([name, content]) => [name, sha256(content)]);
    expect(Object.fromEntries(hashes)).toEqual(
      Object.fromEntries(files.map((file) => [`${whole.id}/${file.path}`, file.sha256])),
    );
  });

  it('come in pages', async () => {
    const all = await filesOf(whole);
    const page = exportFilePageSchema.parse(await api.getJson(`${whole.links.files}?limit=2`));
    expect(page.data).toEqual(all.slice(0, 2));
    const rest = exportFilePageSchema.parse(await api.getJson(`${whole.links.files}?cursor=${page.nextCursor}`));
    expect(rest).toEqual({ data: all.slice(2), nextCursor: null });
  });

  it.each(['none.txt', '..%2F..%2Fserver.json', 'blobs', ''])('are those that are listed: not %j', async (path) => {
    const response = await get(path);
    if (path !== '') expect(await problem(response)).toMatchObject({ status: 404 });
  });
});

describe('a request for an export', () => {
  it.each([
    ['an unknown format', { format: 'csv' }, 422, 'format-unknown', '/format', /choose one of jsonl, easyr1/],
    [
      'an unknown language',
      { format: 'jsonl', filter: { languages: ['cobol'] } },
      422,
      'language-unknown',
      '/filter/languages',
      /name one of/,
    ],
    [
      'an unknown filter',
      { format: 'jsonl', filter: { colors: 3 } },
      400,
      'invalid-request',
      '/filter/colors',
      /unknown/,
    ],
    [
      'a score that is none',
      { format: 'jsonl', filter: { minScore: 7 } },
      400,
      'invalid-request',
      '/filter/minScore',
      /<=1/,
    ],
    [
      'bounds that exclude each other',
      { format: 'jsonl', filter: { minScore: 0.9, maxScore: 0.1 } },
      400,
      'invalid-request',
      '/filter/minScore',
      /exchange/,
    ],
    [
      'shares of more than all',
      { format: 'jsonl', options: { splits: { validation: 0.6, test: 0.6 } } },
      400,
      'invalid-request',
      '/options/splits',
      /training/,
    ],
    ['a name that is too long', { format: 'jsonl', name: 'x'.repeat(201) }, 400, 'invalid-request', '/name', /200/],
  ])('is refused with %s, and so is its preview', async (_, request, status, code, pointer, detail) => {
    const created = await problem(await api.sendJson('/v1/exports', request));
    expect(created).toMatchObject({ status, code, pointers: [pointer], detail: expect.stringMatching(detail) });
    const { name: _name, ...preview } = request as { name?: string };
    if (_name === undefined)
      expect(await problem(await api.sendJson('/v1/exports/preview', preview))).toMatchObject({ status, code });
  });

  it('is listed with its formats', async () => {
    const { data } = exportFormatPageSchema.parse(await api.getJson('/v1/exports/formats'));
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['jsonl', 'easyr1']));
  });
});

describe('exports', () => {
  it('are listed, the newest first, and deleted', async () => {
    const [older, newer] = [await exported({ format: 'jsonl' }), await exported({ format: 'jsonl' })];
    const first = exportPageSchema.parse(await api.getJson('/v1/exports?limit=1'));
    expect(first.data.map(({ id }) => id)).toEqual([newer.id]);
    const second = exportPageSchema.parse(await api.getJson(`/v1/exports?limit=1&cursor=${first.nextCursor}`));
    expect(second.data.map(({ id }) => id)).toEqual([older.id]);
    expect((await fetch(api.at(newer.links.self), { method: 'DELETE' })).status).toBe(204);
    for (const path of [
      newer.links.self,
      newer.links.files,
      newer.links.archive,
      `${newer.links.files}/manifest.json`,
    ]) {
      expect(await problem(await fetch(api.at(path)))).toMatchObject({ status: 404 });
    }
    expect(await problem(await fetch(api.at('/v1/exports?cursor=next')))).toMatchObject({ status: 400 });
  });

  it('that have ended are neither canceled nor retried', async () => {
    const whole = await exported({ format: 'jsonl' });
    const canceled = await api.sendJson(whole.links.cancel, {});
    expect([canceled.status, exportSchema.parse(await canceled.json())]).toEqual([200, whole]);
    expect(await problem(await api.sendJson(`${whole.links.self}/retry`, {}))).toMatchObject({ status: 409 });
  });

  it('run while jobs run, with the jobs that have ended', async () => {
    const running = [];
    for (let index = 0; index < 3; index++) running.push(await api.submit({ model: 'scripted/hangs' }));
    await api.started(running[0]!);
    const whole = await exported({ format: 'jsonl' });
    expect(whole).toMatchObject({ status: 'succeeded', manifest: { traces: 3 } });
    for (const { links } of running) await fetch(api.at(links.self), { method: 'DELETE' });
  });
});

it.skipIf(!redisIsInstalled)('an export goes through the queue on Redis, too', async () => {
  const redis = await startRedis();
  const other = await startApi({ REDIS_URL: redis.url });
  try {
    await refined(other);
    const whole = await ended(await create({ format: 'jsonl' }, other), other);
    expect(whole).toMatchObject({ status: 'succeeded', manifest: { traces: 1 } });
    expect((await filesOf(whole, other)).length).toBeGreaterThan(3);
  } finally {
    await other.stop();
    await redis.stop();
  }
});
