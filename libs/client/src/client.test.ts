import { describe, expect, it } from 'vitest';
import { jobLinks, policySchema, type Job } from '@pentimento/contracts';
import description from '../../../apps/api/openapi.json' with { type: 'json' };
import { Client } from './client.ts';
import { ApiError, UnexpectedReplyError, UnreachableError } from './errors.ts';
import { fakeFetch, json, stream } from './testing.ts';

const url = 'http://server.test:7400';
const id = 'job_01920000-0000-7000-8000-000000000001';
const blob = 'a'.repeat(64);
const at = '2026-01-02T03:04:05.000Z';
const job: Job = {
  id,
  kind: 'refinement',
  episode: null,
  name: 'badge.png',
  target: { image: blob, original: blob, width: 4, height: 4, hadAlpha: false, deviceScale: 1 },
  language: 'svg',
  model: 'builtin/vectorizer',
  policyVersion: null,
  instructions: '',
  initialCode: null,
  policy: policySchema.parse({}),
  budget: {},
  status: 'queued',
  outcome: null,
  stopReason: null,
  stopDetail: null,
  error: null,
  best: null,
  scores: [],
  spent: { inputTokens: 0, outputTokens: 0, cost: 0, seconds: 0 },
  forkedFrom: null,
  tags: [],
  createdAt: at,
  startedAt: null,
  finishedAt: null,
  links: jobLinks(id),
};

function client(...replies: Parameters<typeof fakeFetch>) {
  const { fetch, requests } = fakeFetch(...replies);
  return { client: new Client({ url: `${url}/`, fetch }), requests };
}
const asked = (requests: Request[]) => requests.map(({ method, url }) => `${method} ${url}`);

describe('Client', () => {
  it('has a method for each operation of the API, but those in the form of another program', () => {
    const operations = Object.values(description.paths)
      .flatMap((path) => Object.values(path as Record<string, { operationId: string; tags: string[] }>))
      .filter(({ tags }) => !tags.includes('compat'))
      .map(({ operationId }) => operationId);
    expect(operations.length).toBeGreaterThan(10);
    const methods = Object.getOwnPropertyNames(Client.prototype);
    expect(operations.filter((operation) => !methods.includes(operation))).toEqual([]);
  });

  it('asks the origin of the page where it has no address', async () => {
    const { fetch, requests } = fakeFetch(json(job));
    await new Client({ fetch }).getJob(id);
    expect(asked(requests)).toEqual([`GET http://page.test/v1/jobs/${id}`]);
  });

  it('submits a file as a form, and a blob as JSON', async () => {
    const { client: api, requests } = client(json(job, 202));
    const request = { language: 'svg' as const, policy: { threshold: 0.9 } };
    expect(await api.createJob(request, { name: 'badge.png', content: new TextEncoder().encode('image') })).toEqual(
      job,
    );
    await api.createJob({ ...request, target: blob });
    const form = await requests[0]!.formData();
    expect(JSON.parse(String(form.get('request')))).toEqual(request);
    const file = form.get('target') as File;
    expect([file.name, await file.text()]).toEqual(['badge.png', 'image']);
    expect(requests[1]!.headers.get('content-type')).toBe('application/json');
    expect(await requests[1]!.json()).toEqual({ ...request, target: blob });
  });

  it('deletes a job, and reads no body', async () => {
    const { client: api, requests } = client(() => new Response(null, { status: 204 }));
    expect(await api.deleteJob(id)).toBeUndefined();
    expect(asked(requests)).toEqual([`DELETE ${url}/v1/jobs/${id}`]);
  });

  it('replaces tags, and withdraws a judgment', async () => {
    const { client: api, requests } = client(
      json({ ...job, tags: ['chart'] }),
      () => new Response(null, { status: 204 }),
    );
    expect((await api.setTags(id, ['chart'])).tags).toEqual(['chart']);
    expect(await requests[0]!.json()).toEqual({ tags: ['chart'] });
    expect(await api.withdrawJudgment('judg_1')).toBeUndefined();
    expect(asked(requests)).toEqual([`PUT ${url}/v1/jobs/${id}/tags`, `DELETE ${url}/v1/judgments/judg_1`]);
  });

  it('sends only the filters that are set', async () => {
    const counts = { queued: 0, running: 0, waiting: 0, canceling: 0, succeeded: 0, failed: 0, canceled: 0 };
    const { client: api, requests } = client(json({ data: [job], hasMore: false, nextCursor: null, counts }));
    await api.listJobs({ status: 'queued,running', cursor: '', limit: 5, search: undefined });
    await api.listJobs();
    expect(asked(requests)).toEqual([`GET ${url}/v1/jobs?status=queued%2Crunning&limit=5`, `GET ${url}/v1/jobs`]);
  });

  it('steps through a session, and knows the turn that a refused step should have named', async () => {
    const turn = {
      ...{ session: 'run-1', job: id, turn: 1, messages: [], images: [], patches: [], candidate: null, reward: null },
      ...{
        terms: null,
        verdict: null,
        parseStatus: null,
        render: null,
        failure: null,
        best: null,
        done: false,
        stop: null,
      },
    };
    const conflict = {
      type: 'x',
      title: 'x',
      status: 409,
      detail: 'Turn 0 is not open.',
      code: 'conflict',
      expectedTurn: 1,
    };
    const { client: api, requests } = client(json(turn), json(turn), json(conflict, 409));
    await api.resetEnvironment('run-1', { target: { blob }, language: 'svg' });
    expect(await api.stepEnvironment('run-1', { turn: 0, reply: '' })).toEqual(turn);
    const refused = await api.stepEnvironment('run-1', { turn: 0, reply: 'x' }).catch((error: ApiError) => error);
    expect((refused as ApiError).problem.expectedTurn).toBe(1);
    expect(asked(requests)).toEqual(
      ['reset', 'step', 'step'].map((path) => `POST ${url}/v1/environments/run-1/${path}`),
    );
  });

  it('cannot be led to another path by an id', async () => {
    const { client: api, requests } = client(json(job));
    await api.cancelJob('../blobs?x=');
    expect(asked(requests)).toEqual([`POST ${url}/v1/jobs/..%2Fblobs%3Fx%3D/cancel`]);
  });

  it('reads the bytes of a blob, and of an image at a width', async () => {
    const { client: api, requests } = client(() => new Response(new Uint8Array([1, 2, 3])));
    expect([...(await api.getBlob(blob))]).toEqual([1, 2, 3]);
    await api.getBlob(blob, { width: 64 });
    expect(asked(requests)).toEqual([`GET ${url}/v1/blobs/${blob}`, `GET ${url}/v1/blobs/${blob}?w=64`]);
    expect(api.blobUrl(blob, 64)).toBe(`${url}/v1/blobs/${blob}?w=64`);
  });

  describe('a file of an export', () => {
    const exportId = 'export_01920000-0000-7000-8000-000000000001';
    const bytesOf = async (content: AsyncIterable<Uint8Array>) => {
      const bytes: number[] = [];
      for await (const chunk of content) bytes.push(...chunk);
      return bytes;
    };

    it('is read whole, by a path that leads nowhere else', async () => {
      const { client: api, requests } = client(() => new Response(new Uint8Array([1, 2, 3])));
      const { start, content } = await api.getExportFile(exportId, 'images/a?.png');
      expect([start, await bytesOf(content)]).toEqual([0, [1, 2, 3]]);
      expect(asked(requests)).toEqual([`GET ${url}/v1/exports/${exportId}/files/images/a%3F.png`]);
      expect(requests[0]!.headers.get('range')).toBeNull();
      expect(api.exportFileUrl(exportId, 'images/a?.png')).toBe(requests[0]!.url);
    });

    it('is read from where a reader left off, unless the server sends it from the start', async () => {
      const reply = (status: number) => () => new Response(new Uint8Array([3]), { status });
      const { client: api, requests } = client(reply(206), reply(200));
      expect((await api.getExportFile(exportId, 'a', { start: 2 })).start).toBe(2);
      expect((await api.getExportFile(exportId, 'a', { start: 2 })).start).toBe(0);
      expect(requests[0]!.headers.get('range')).toBe('bytes=2-');
    });

    it('breaks off with an error that says so', async () => {
      const { client: api } = client(stream(['half'], new TypeError('terminated')));
      const { content } = await api.getExportFile(exportId, 'a');
      await expect(bytesOf(content)).rejects.toThrow(UnreachableError);
    });
  });

  it('takes the failing checks of a server that is not ready for a reply', async () => {
    const health = { status: 'failing', version: '1', checks: [{ name: 'queue', ok: false, detail: 'x' }], at };
    const { client: api } = client(json(health, 503));
    expect(await api.readyz()).toEqual(health);
  });
});

describe('failures', () => {
  const problem = {
    type: 'urn:pentimento:problem:model-unknown',
    title: 'Unknown model',
    status: 422,
    detail: 'There is no such model: see GET /v1/models.',
    code: 'model-unknown',
    errors: [{ pointer: '/model', detail: 'unknown' }],
  };

  it('carry the problem of the server, with its remedy as the message', async () => {
    const error = await client(json(problem, 422))
      .client.createJob({ language: 'svg' })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ message: problem.detail, problem, status: 422, isTransient: false });
  });

  it('say when to try again', async () => {
    const busy = json({ ...problem, status: 429, code: 'busy' }, 429, { 'retry-after': '7' });
    await expect(client(busy).client.listRewardVersions()).rejects.toMatchObject({
      isTransient: true,
      retryAfterMs: 7000,
    });
  });

  it('describe a reply of another program by its status', async () => {
    const proxy = () => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' });
    await expect(client(proxy).client.getJob(id)).rejects.toMatchObject({
      message: `${url}/v1/jobs/${id} answered 502 Bad Gateway: check that it is a Pentimento server, and its log.`,
      isTransient: true,
    });
  });

  it.each([
    ['is no JSON', () => new Response('<html>')],
    ['is JSON of another shape', json({ ...job, status: 'exploded' })],
  ])('refuse a reply that %s', async (_how, reply) => {
    const replied = client(reply).client.getJob(id);
    await expect(replied).rejects.toThrow(UnexpectedReplyError);
    await expect(replied).rejects.toMatchObject({ isTransient: false });
  });

  it.each([
    ['no server answers', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'the connection breaks within the body',
      () => new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) })),
    ],
  ])('are transient where %s', async (_how, reply) => {
    const replied = client(reply).client.getJob(id);
    await expect(replied).rejects.toThrow(UnreachableError);
    await expect(replied).rejects.toMatchObject({ isTransient: true, status: 0, url });
  });

  it('give way to the reason of an abort', async () => {
    const { client: api } = client(({ signal }) => Promise.reject(signal.reason as Error));
    await expect(api.getJob(id, { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
  });
});
