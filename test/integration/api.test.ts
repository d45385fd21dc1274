import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { modelPageSchema, jobPageSchema, jobSchema, parseEvent, type Job } from '@pentimento/contracts';
import {
  candidatePageSchema,
  examplePageSchema,
  iterationPageSchema,
  languagePageSchema,
  tilesSchema,
} from '@pentimento/api-contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';
import { readEvents } from '../support/events.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.stop());

describe('a job from start to end', () => {
  it('is accepted and refined with an event for each step, and its trajectory can be read', async () => {
    const response = await api.sendForm(
      { language: 'svg', model: 'builtin/vectorizer', 'policy.maxIterations': '2' },
      api.image,
      'square.png',
    );
    expect(response.status).toBe(202);
    const job = jobSchema.parse(await response.json());
    expect(response.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
    expect(job).toMatchObject({
      name: 'square.png',
      status: 'queued',
      target: { width: 64, height: 48, hadAlpha: false },
    });

    const events = await api.ended(job);
    expect(events.at(-1)).toMatchObject({ event: 'done', id: undefined });
    const sequence = events.slice(0, -1).map(({ data }) => parseEvent(data));
    expect(sequence.map(({ seq }) => seq)).toEqual(sequence.map((_, index) => index + 1));
    expect(sequence[0]).toMatchObject({ type: 'job.queued', data: { reason: 'created' } });
    expect(sequence[1]).toMatchObject({ type: 'job.started', data: { fromIteration: 0 } });
    expect(sequence.at(-1)).toMatchObject({ type: 'job.finished' });
    expect(events.slice(0, -1).map(({ id, event }) => [id, event])).toEqual(
      sequence.map(({ seq, type }) => [seq, type]),
    );

    const finished = await api.getJob(job);
    expect(finished).toMatchObject({ status: 'succeeded' });
    const iterations = iterationPageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/iterations`)).data;
    expect(iterations.length).toBe(finished.scores.length);
    expect(await api.getJson(`/v1/jobs/${job.id}/iterations/0`)).toEqual(iterations[0]);
    const candidates = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`)).data;
    const [first] = candidates;
    expect(await api.getJson(`/v1/candidates/${first!.id}`)).toEqual(first);
    const tiles = tilesSchema.parse(await api.getJson(`/v1/candidates/${first!.id}/tiles`));
    expect(tiles.tiles).toEqual(first!.reward.tiles);
  });

  it('starts from a blob as well as from a file, with the default policy', async () => {
    const response = await api.sendJson('/v1/jobs', {
      target: await api.putImage(api.image),
      language: 'svg',
      model: 'scripted/square',
    });
    expect(response.status).toBe(202);
    expect(jobSchema.parse(await response.json()).policy).toMatchObject({
      threshold: 0.995,
      minimums: { strict: 0.895 },
      maxIterations: 8,
    });
  });

  it('starts from provided code, as a field or as a file', async () => {
    const code = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>';
    const job = await api.submit({ model: 'scripted/square', code, 'policy.maxIterations': '1' });
    expect(await (await fetch(api.at(`/v1/blobs/${job.initialCode}`))).text()).toBe(code);
    await api.ended(job);
    expect((await api.getJob(job)).scores).toHaveLength(1);
  });
});

describe('a forecast', () => {
  it('goes by the gains of the job and of past jobs, and is unknown before there are any', async () => {
    const fields = { model: 'scripted/square', 'policy.maxIterations': '2', 'policy.threshold': '1' };
    const jobs = [await api.submit(fields), await api.submit(fields)];
    for (const job of jobs) await api.ended(job);
    const { scores } = await api.getJob(jobs[0]!);
    const answer = await api.getJson(`/v1/jobs/${jobs[0]!.id}/forecast`);
    expect(answer).toMatchObject({ forecast: scores.length > 1 ? { gain: 0, own: scores.length - 1 } : null });
    const missing = await fetch(api.at('/v1/jobs/job_01920000-0000-7000-8000-000000000001/forecast'));
    expect(await problem(missing)).toMatchObject({ status: 404 });
  });
});

describe('events', () => {
  it('continue after the last one that the client has, by header or by query, without gaps or duplicates', async () => {
    const job = await api.submit({ model: 'builtin/vectorizer', 'policy.maxIterations': '2', 'policy.threshold': '1' });
    const before = await readEvents(api.at(`/v1/jobs/${job.id}`), { enough: ({ id }) => id === 4 });
    const rest = await api.ended(job, 4);
    const whole = await api.ended(job);
    expect([...before, ...rest]).toEqual(whole);

    const byQuery = await (await fetch(api.at(`/v1/jobs/${job.id}/events?after=4`))).text();
    expect(byQuery).toContain('retry: 3000');
    expect(byQuery).toMatch(/^id: 5$/m);
    expect(byQuery).not.toMatch(/^id: 4$/m);
  });

  it('answer 204 to a client that has them all, so that it stops connecting', async () => {
    const job = await api.submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    const last = (await api.ended(job)).at(-2)!.id!;
    const response = await fetch(api.at(`/v1/jobs/${job.id}/events`), { headers: { 'last-event-id': String(last) } });
    expect(response.status).toBe(204);
  });

  it('have bounded sequence numbers, beyond which a request is refused', async () => {
    const job = await api.submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    for (const path of ['events?format=json&after=3000000000', 'iterations/3000000000']) {
      const response = await fetch(api.at(`/v1/jobs/${job.id}/${path}`));
      expect(await problem(response)).toMatchObject({ status: 400 });
    }
    const response = await fetch(api.at(`/v1/jobs/${job.id}/events`), { headers: { 'last-event-id': '3000000000' } });
    expect(await problem(response)).toMatchObject({ status: 400 });
  });

  it('are sent as JSON on request', async () => {
    const job = await api.submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    const whole = (await api.ended(job)).slice(0, -1).map(({ data }) => data);
    expect(await api.getJson(`/v1/jobs/${job.id}/events?format=json`)).toEqual(whole);
    const response = await fetch(api.at(`/v1/jobs/${job.id}/events`), { headers: { accept: 'application/json' } });
    expect(await response.json()).toEqual(whole);
  });

  it('are not delayed by compression', async () => {
    const job = await api.submit({ model: 'scripted/hangs' });
    const response = await fetch(api.at(`/v1/jobs/${job.id}/events`), { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('cache-control')).toContain('no-transform');
    await response.body!.cancel();
    await fetch(api.at(`/v1/jobs/${job.id}/cancel`), { method: 'POST' });
  });
});

describe('cancel and retry', () => {
  const post = (job: Job, what: string) => fetch(api.at(`/v1/jobs/${job.id}/${what}`), { method: 'POST' });

  it('cancel aborts a model call that hangs, and a second cancel changes nothing', async () => {
    const job = await api.submit({ model: 'scripted/hangs' });
    await api.started(job);
    const first = await post(job, 'cancel');
    expect(first.status).toBe(202);
    expect(jobSchema.parse(await first.json()).status).toBe('canceling');
    await api.ended(job);
    expect(await api.getJob(job)).toMatchObject({ status: 'canceled', stopReason: 'user' });
    const second = await post(job, 'cancel');
    expect(second.status).toBe(200);
    expect(jobSchema.parse(await second.json()).status).toBe('canceled');
  });

  it('retry accepts a canceled job, and refuses a running or finished one', async () => {
    const job = await api.submit({ model: 'scripted/hangs' });
    await api.started(job);
    expect(await problem(await post(job, 'retry'))).toMatchObject({ status: 409, code: 'conflict' });
    await post(job, 'cancel');
    const events = await api.ended(job);
    const retried = await post(job, 'retry');
    expect(retried.status).toBe(202);
    expect(jobSchema.parse(await retried.json()).status).toBe('queued');
    const again = await readEvents(api.at(`/v1/jobs/${job.id}`), {
      after: events.at(-2)!.id,
      enough: ({ event }) => event === 'candidate.stage',
    });
    expect(again.map(({ event }) => event).slice(0, 2)).toEqual(['job.queued', 'job.started']);
    await post(job, 'cancel');
    await api.ended(job);

    const finished = await api.submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    await api.ended(finished);
    expect(await problem(await post(finished, 'retry'))).toMatchObject({ status: 409, code: 'conflict' });
  });
});

describe('blobs', () => {
  it('never change, so clients cache them forever', async () => {
    const id = await api.putImage(api.image);
    const response = await fetch(api.at(`/v1/blobs/${id}`));
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(api.image));
    const etag = response.headers.get('etag')!;
    const again = await fetch(api.at(`/v1/blobs/${id}`), { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await api.putImage(api.image)).toBe(id);
  });

  it('have thumbnails in a few widths, as WebP for clients that accept it', async () => {
    const large = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#0a0' } })
      .png()
      .toBuffer();
    const id = await api.putImage(large);
    const webp = await fetch(api.at(`/v1/blobs/${id}?w=128`), { headers: { accept: 'image/webp,*/*' } });
    expect(await sharp(await webp.arrayBuffer()).metadata()).toMatchObject({ format: 'webp', width: 128, height: 64 });
    const png = await fetch(api.at(`/v1/blobs/${id}?w=128`), { headers: { accept: 'image/png' } });
    expect(await sharp(await png.arrayBuffer()).metadata()).toMatchObject({ format: 'png', width: 128 });
    expect(png.headers.get('etag')).not.toBe(webp.headers.get('etag'));
    expect(png.headers.get('vary')).toContain('Accept');
    const wider = await fetch(api.at(`/v1/blobs/${id}?w=512`));
    expect((await sharp(await wider.arrayBuffer()).metadata()).width).toBe(400);
    expect((await problem(await fetch(api.at(`/v1/blobs/${id}?w=100`)))).pointers).toEqual(['/w']);
  });

  it('that hold code are served as plain text, which no browser runs', async () => {
    const job = await api.submit({
      model: 'scripted/square',
      code: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    });
    const response = await fetch(api.at(`/v1/blobs/${job.initialCode}`));
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await problem(await fetch(api.at(`/v1/blobs/${job.initialCode}?w=64`)))).toMatchObject({ status: 400 });
  });

  it('can only be images when they are uploaded', async () => {
    const response = await fetch(api.at('/v1/blobs'), {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: '<html>',
    });
    expect(await problem(response)).toMatchObject({ status: 415, code: 'unsupported-image' });
  });
});

describe('the server', () => {
  it('lists jobs page by page, with filters and counts', async () => {
    const name = `listed-${crypto.randomUUID()}`;
    for (let count = 0; count < 3; count += 1)
      await api.ended(await api.submit({ name, model: 'scripted/square', 'policy.maxIterations': '1' }));
    const first = jobPageSchema.parse(await api.getJson(`/v1/jobs?search=${name}&limit=2`));
    expect(first).toMatchObject({ hasMore: true, counts: { succeeded: 3, running: 0 } });
    const second = jobPageSchema.parse(await api.getJson(`/v1/jobs?search=${name}&limit=2&cursor=${first.nextCursor}`));
    expect(second).toMatchObject({ hasMore: false, nextCursor: null });
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const none = jobPageSchema.parse(await api.getJson(`/v1/jobs?search=${name}&status=queued,running`));
    expect(none.data).toEqual([]);
  });

  it('lists its models, languages and examples, and accepts an example by its blob', async () => {
    const models = modelPageSchema.parse(await api.getJson('/v1/models'));
    expect(models.data).toContainEqual(
      expect.objectContaining({ name: 'builtin/vectorizer', ready: true, trusted: true }),
    );
    const languages = languagePageSchema.parse(await api.getJson('/v1/languages'));
    expect(languages.data.find(({ id }) => id === 'svg')).toMatchObject({
      title: 'SVG',
      fenceNames: ['svg', 'xml'],
      writtenByBuiltinModel: true,
      available: true,
    });
    const examples = examplePageSchema.parse(await api.getJson('/v1/examples'));
    expect(examples.data.length).toBeGreaterThanOrEqual(10);
    const [example] = examples.data;
    expect((await fetch(api.at(`/v1/blobs/${example!.image}`))).headers.get('content-type')).toBe('image/png');
  });

  it('reports that it is healthy and ready', async () => {
    expect(await api.getJson('/healthz')).toMatchObject({ status: 'ok' });
    const ready = await fetch(api.at('/readyz'));
    expect(ready.status).toBe(200);
    const { checks } = (await ready.json()) as { checks: { name: string; ok: boolean }[] };
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual(
      ['postgres', 'queue', 'renderers', 'encoder'].map((name) => [name, true]),
    );
  });

  it('serves the same OpenAPI description as the committed openapi.json', async () => {
    const committed = await readFile(resolve(import.meta.dirname, '../../apps/api/openapi.json'), 'utf8');
    expect(await api.getJson('/openapi.json')).toEqual(JSON.parse(committed));
    expect(await (await fetch(api.at('/docs'))).text()).toContain('swagger-ui');
  });

  it.each(['/', '/docs'])(
    'serves a page at %s that no other page may frame, and that runs its own scripts only',
    async (path) => {
      const response = await fetch(api.at(path), { headers: { accept: 'text/html' } });
      expect(response.status).toBe(200);
      const policy = response.headers.get('content-security-policy');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toMatch(/script-src 'self'(?!.*script-src)(?![^;]*unsafe-inline)/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});

describe('other web sites', () => {
  it('cannot post to the server', async () => {
    const response = await api.sendJson('/v1/jobs', {}, { origin: 'https://evil.example' });
    expect(await problem(response)).toMatchObject({ status: 403, code: 'forbidden' });
    const own = await api.sendJson('/v1/jobs', {}, { origin: api.stack.url });
    expect(own.status).toBe(400);
  });

  it('cannot read from the server under their own name', async () => {
    const { promise, resolve: got } = Promise.withResolvers<number | undefined>();
    request(api.at('/v1/jobs'), { headers: { host: 'evil.example' } }, (answer) =>
      got(answer.resume().statusCode),
    ).end();
    expect(await promise).toBe(403);
    expect(
      (await fetch(api.at('/v1/jobs'), { headers: { origin: 'https://evil.example' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBeNull();
  });
});
