import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  blobSchema,
  candidatePageSchema,
  examplePageSchema,
  iterationPageSchema,
  jobPageSchema,
  jobSchema,
  languagePageSchema,
  modelPageSchema,
  parseEvent,
  problemSchema,
  tilesSchema,
  type Job,
} from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../support/events.ts';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
let folder: string;
let picture: Buffer;

/** Steps are chosen by the model's name: one never answers, one draws the same square in every job. */
const script = {
  steps: [
    { when: { model: 'hangs' }, hang: true },
    {
      when: { task: 'draft' },
      code: '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="40" height="40" fill="#c00"/></svg>',
    },
    { text: 'Nothing more to say.' },
  ],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-api-'));
  await writeFile(join(folder, 'script.json'), JSON.stringify(script));
  picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#fff' } })
    .composite([{ input: { create: { width: 30, height: 30, channels: 3, background: '#c00' } }, left: 10, top: 5 }])
    .png()
    .toBuffer();
  stack = await startStack({
    variables: {
      PENTIMENTO_SCRIPTED_MODEL: join(folder, 'script.json'),
      PENTIMENTO_ALLOW_UNSANDBOXED: 'yes',
      PENTIMENTO_LEASE_MS: '3000',
    },
  });
});
afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

const at = (path: string): string => stack.url + path;
const sendJson = (path: string, body: unknown, headers = {}) =>
  fetch(at(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

function form(fields: Record<string, string>, target?: { bytes: Uint8Array<ArrayBuffer>; name: string }): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  if (target) data.set('target', new Blob([target.bytes]), target.name);
  return data;
}
const sendForm = (fields: Record<string, string>, bytes?: Uint8Array, name = 'target.png') =>
  fetch(at('/v1/jobs'), { method: 'POST', body: form(fields, bytes && { bytes: new Uint8Array(bytes), name }) });

async function putPicture(bytes: Uint8Array = picture): Promise<string> {
  const response = await fetch(at('/v1/blobs'), {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(bytes),
  });
  expect(response.status).toBe(201);
  return blobSchema.parse(await response.json()).id;
}

async function submit(fields: Record<string, string>): Promise<Job> {
  const response = await sendForm({ language: 'svg', ...fields }, picture);
  expect(response.status).toBe(202);
  return jobSchema.parse(await response.json());
}
const getJob = async ({ id }: Pick<Job, 'id'>): Promise<Job> =>
  jobSchema.parse(await (await fetch(at(`/v1/jobs/${id}`))).json());
const ended = ({ id }: Pick<Job, 'id'>, after = 0) => readEvents(at(`/v1/jobs/${id}`), { after });
const started = ({ id }: Pick<Job, 'id'>) =>
  readEvents(at(`/v1/jobs/${id}`), { enough: ({ event }) => event === 'candidate.stage' });

async function problem(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const told = problemSchema.parse(await response.json());
  expect(told.status).toBe(response.status);
  expect(told.requestId).toBe(response.headers.get('x-request-id'));
  return { ...told, pointers: told.errors?.map(({ pointer }) => pointer) ?? [] };
}

/** Blob files and job rows: what a refused request must not add to. */
async function stored(): Promise<{ blobs: number; jobs: number }> {
  const files = await readdir(join(stack.home, 'blobs'), { recursive: true, withFileTypes: true });
  const page = jobPageSchema.parse(await (await fetch(at('/v1/jobs?limit=1'))).json());
  return {
    blobs: files.filter((file) => file.isFile()).length,
    jobs: Object.values(page.counts).reduce((sum, n) => sum + n, 0),
  };
}

describe('a job from start to end', () => {
  it('is taken in, refined and told event by event, and its trajectory can be read', async () => {
    const response = await sendForm(
      { language: 'svg', model: 'builtin/vectorizer', 'policy.maxIterations': '2' },
      picture,
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

    const events = await ended(job);
    expect(events.at(-1)).toMatchObject({ event: 'done', id: undefined });
    const sequence = events.slice(0, -1).map(({ data }) => parseEvent(data));
    expect(sequence.map(({ seq }) => seq)).toEqual(sequence.map((_, index) => index + 1));
    expect(sequence[0]).toMatchObject({ type: 'job.queued', data: { reason: 'created' } });
    expect(sequence[1]).toMatchObject({ type: 'job.started', data: { fromIteration: 0 } });
    expect(sequence.at(-1)).toMatchObject({ type: 'job.finished' });
    expect(events.slice(0, -1).map(({ id, event }) => [id, event])).toEqual(
      sequence.map(({ seq, type }) => [seq, type]),
    );

    const finished = await getJob(job);
    expect(finished).toMatchObject({ status: 'succeeded' });
    const iterations = iterationPageSchema.parse(await (await fetch(at(`/v1/jobs/${job.id}/iterations`))).json()).data;
    expect(iterations.length).toBe(finished.scores.length);
    expect(await (await fetch(at(`/v1/jobs/${job.id}/iterations/0`))).json()).toEqual(iterations[0]);
    const candidates = candidatePageSchema.parse(await (await fetch(at(`/v1/jobs/${job.id}/candidates`))).json()).data;
    const [first] = candidates;
    expect(await (await fetch(at(`/v1/candidates/${first!.id}`))).json()).toEqual(first);
    const tiles = tilesSchema.parse(await (await fetch(at(`/v1/candidates/${first!.id}/tiles`))).json());
    expect(tiles.tiles).toEqual(first!.reward.tiles);
  });

  it('starts from a blob as well as from a file, with the default policy', async () => {
    const response = await sendJson('/v1/jobs', {
      target: await putPicture(),
      language: 'svg',
      model: 'scripted/square',
    });
    expect(response.status).toBe(202);
    expect(jobSchema.parse(await response.json()).policy).toMatchObject({ threshold: 0.95, maxIterations: 8 });
  });

  it('starts from own code, as a field or as a file', async () => {
    const code = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>';
    const job = await submit({ model: 'scripted/square', code, 'policy.maxIterations': '1' });
    expect(await (await fetch(at(`/v1/blobs/${job.firstCode}`))).text()).toBe(code);
    await ended(job);
    expect((await getJob(job)).scores).toHaveLength(1);
  });
});

describe('images that are accepted', () => {
  it.each([
    [
      'transparent',
      () =>
        sharp({ create: { width: 20, height: 20, channels: 4, background: '#f008' } })
          .png()
          .toBuffer(),
      true,
    ],
    ['16-bit', () => sharp(picture).toColourspace('rgb16').png().toBuffer(), false],
    ['CMYK', () => sharp(picture).toColourspace('cmyk').jpeg().toBuffer(), false],
    ['WebP', () => sharp(picture).webp().toBuffer(), false],
  ])('%s', async (_, make, hadAlpha) => {
    const response = await sendForm(
      { language: 'svg', model: 'scripted/square', 'policy.maxIterations': '1' },
      await make(),
    );
    const job = jobSchema.parse(await response.json());
    expect(job.target.hadAlpha).toBe(hadAlpha);
    const png = await (await fetch(at(`/v1/blobs/${job.target.image}`))).arrayBuffer();
    expect(await sharp(png).metadata()).toMatchObject({
      format: 'png',
      space: 'srgb',
      depth: 'uchar',
      hasAlpha: false,
    });
  });
});

describe('submissions that are refused', () => {
  // A job at work stores blobs too.
  beforeAll(async () => {
    const { data } = jobPageSchema.parse(await (await fetch(at('/v1/jobs?status=queued,running'))).json());
    for (const job of data) await ended(job);
  });

  const good = { language: 'svg', model: 'builtin/vectorizer' };
  const wide = () =>
    sharp({ create: { width: 20_000, height: 5, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
  const bomb = () =>
    sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
  const animated = async () => {
    const frames = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 9, height: 9, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    return sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
  };
  const dot = () =>
    sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();

  it.each<[string, Record<string, string>, (() => Promise<Buffer>) | undefined, number, string, string[]]>([
    ['a text named .png', good, async () => Buffer.from('I am no picture.'), 415, 'unsupported-image', []],
    ['an image cut short', good, async () => picture.subarray(0, picture.length - 40), 422, 'invalid-image', []],
    ['one pixel', good, dot, 422, 'invalid-image', []],
    ['20,000 pixels in a row', good, wide, 413, 'image-too-large', []],
    ['a decompression bomb', good, bomb, 413, 'image-too-large', []],
    ['an animation', good, animated, 415, 'unsupported-image', []],
    ['more bytes than allowed', good, async () => Buffer.alloc(21 * 2 ** 20), 413, 'request-too-large', []],
    ['no target', good, undefined, 400, 'invalid-request', ['/target']],
    [
      'an unknown language',
      { ...good, language: 'klingon' },
      async () => picture,
      400,
      'invalid-request',
      ['/language'],
    ],
    ['no language', { model: good.model }, async () => picture, 400, 'invalid-request', ['/language']],
    [
      'a language that is not drawn here',
      { ...good, language: 'smiles' },
      async () => picture,
      422,
      'language-unavailable',
      ['/language'],
    ],
    [
      'threshold 2',
      { ...good, 'policy.threshold': '2' },
      async () => picture,
      400,
      'invalid-request',
      ['/policy/threshold'],
    ],
    [
      'a negative budget',
      { ...good, 'budget.maxCost': '-1' },
      async () => picture,
      400,
      'invalid-request',
      ['/budget/maxCost'],
    ],
    [
      'fields that are not known',
      { ...good, colour: 'red', 'policy.zeal': '1' },
      async () => picture,
      400,
      'invalid-request',
      ['/policy/zeal', '/colour'],
    ],
    ['an unknown model', { ...good, model: 'nobody/model' }, async () => picture, 422, 'model-unknown', ['/model']],
    [
      'a missing key',
      { ...good, model: 'anthropic/some-model' },
      async () => picture,
      422,
      'model-not-ready',
      ['/model'],
    ],
    [
      'a megabyte of code',
      { ...good, code: 'x'.repeat(2 ** 20 + 1) },
      async () => picture,
      400,
      'invalid-request',
      ['/code'],
    ],
    ['a request part that is no JSON', { request: '{' }, async () => picture, 400, 'invalid-request', ['/request']],
  ])('%s', async (_, fields, make, status, code, pointers) => {
    const before = await stored();
    const refused = await problem(await sendForm(fields, await make?.()));
    expect(refused).toMatchObject({ status, code, pointers });
    expect(refused.detail).toMatch(/\S/);
    expect(await stored()).toEqual(before);
  });

  it('a blob that is not there', async () => {
    const refused = await problem(await sendJson('/v1/jobs', { ...good, target: '0'.repeat(64) }));
    expect(refused).toMatchObject({ status: 400, pointers: ['/target'] });
  });

  it('a missing key is named with its remedy', async () => {
    const refused = await problem(
      await sendJson('/v1/jobs', { ...good, model: 'anthropic/x', target: '0'.repeat(64) }),
    );
    expect(refused.detail).toContain('ANTHROPIC_API_KEY');
  });
});

describe('requests that are wrong in form', () => {
  it('malformed JSON', async () => {
    const response = await fetch(at('/v1/jobs'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":',
    });
    expect(await problem(response)).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  it('a body of another type', async () => {
    const response = await fetch(at('/v1/jobs'), {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    });
    expect(await problem(response)).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('a path that is not there, and a method that the path does not answer', async () => {
    expect(await problem(await fetch(at('/v1/nothing')))).toMatchObject({ status: 404, code: 'not-found' });
    const response = await fetch(at('/v1/jobs'), { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(await problem(response)).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('things that are not there', async () => {
    const none = '00000000-0000-7000-8000-000000000000';
    for (const path of [
      `/v1/jobs/job_${none}`,
      `/v1/jobs/job_${none}/iterations`,
      `/v1/jobs/job_${none}/events`,
      `/v1/candidates/cand_${none}`,
      `/v1/blobs/${'0'.repeat(64)}`,
    ]) {
      expect(await problem(await fetch(at(path)))).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('a bad page, a bad cursor, a bad sequence number', async () => {
    expect((await problem(await fetch(at('/v1/jobs?limit=0&shape=round')))).pointers).toEqual(['/limit', '/shape']);
    expect((await problem(await fetch(at('/v1/jobs?cursor=nonsense')))).pointers).toEqual(['/cursor']);
    const job = await submit({ model: 'scripted/square' });
    expect((await problem(await fetch(at(`/v1/jobs/${job.id}/events?after=-1`)))).pointers).toEqual(['/after']);
  });
});

describe('events', () => {
  it('go on after the last one that the client has, by header or by query, without gap or double', async () => {
    const job = await submit({ model: 'builtin/vectorizer', 'policy.maxIterations': '2', 'policy.threshold': '1' });
    const before = await readEvents(at(`/v1/jobs/${job.id}`), { enough: ({ id }) => id === 4 });
    const rest = await ended(job, 4);
    const whole = await ended(job);
    expect([...before, ...rest]).toEqual(whole);

    const byQuery = await (await fetch(at(`/v1/jobs/${job.id}/events?after=4`))).text();
    expect(byQuery).toContain('retry: 3000');
    expect(byQuery).toMatch(/^id: 5$/m);
    expect(byQuery).not.toMatch(/^id: 4$/m);
  });

  it('are over for a client that has them all: 204 stops its coming back', async () => {
    const job = await submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    const last = (await ended(job)).at(-2)!.id!;
    const response = await fetch(at(`/v1/jobs/${job.id}/events`), { headers: { 'last-event-id': String(last) } });
    expect(response.status).toBe(204);
  });

  it('come as JSON where that is asked for', async () => {
    const job = await submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    const whole = (await ended(job)).slice(0, -1).map(({ data }) => data);
    expect(await (await fetch(at(`/v1/jobs/${job.id}/events?format=json`))).json()).toEqual(whole);
    const response = await fetch(at(`/v1/jobs/${job.id}/events`), { headers: { accept: 'application/json' } });
    expect(await response.json()).toEqual(whole);
  });

  it('are not held back by compression on the way', async () => {
    const job = await submit({ model: 'scripted/hangs' });
    const response = await fetch(at(`/v1/jobs/${job.id}/events`), { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('cache-control')).toContain('no-transform');
    await response.body!.cancel();
    await fetch(at(`/v1/jobs/${job.id}/cancel`), { method: 'POST' });
  });
});

describe('cancel and retry', () => {
  const post = (job: Job, what: string) => fetch(at(`/v1/jobs/${job.id}/${what}`), { method: 'POST' });

  it('a model call that hangs is cut, and a second cancel changes nothing', async () => {
    const job = await submit({ model: 'scripted/hangs' });
    await started(job);
    const first = await post(job, 'cancel');
    expect(first.status).toBe(202);
    expect(jobSchema.parse(await first.json()).status).toBe('canceling');
    await ended(job);
    expect(await getJob(job)).toMatchObject({ status: 'canceled', stopReason: 'user' });
    const second = await post(job, 'cancel');
    expect(second.status).toBe(200);
    expect(jobSchema.parse(await second.json()).status).toBe('canceled');
  });

  it('a canceled job can be retried, a running or finished one cannot', async () => {
    const job = await submit({ model: 'scripted/hangs' });
    await started(job);
    expect(await problem(await post(job, 'retry'))).toMatchObject({ status: 409, code: 'conflict' });
    await post(job, 'cancel');
    const events = await ended(job);
    const retried = await post(job, 'retry');
    expect(retried.status).toBe(202);
    expect(jobSchema.parse(await retried.json()).status).toBe('queued');
    const again = await readEvents(at(`/v1/jobs/${job.id}`), {
      after: events.at(-2)!.id,
      enough: ({ event }) => event === 'candidate.stage',
    });
    expect(again.map(({ event }) => event).slice(0, 2)).toEqual(['job.queued', 'job.started']);
    await post(job, 'cancel');
    await ended(job);

    const finished = await submit({ model: 'scripted/square', 'policy.maxIterations': '1' });
    await ended(finished);
    expect(await problem(await post(finished, 'retry'))).toMatchObject({ status: 409, code: 'conflict' });
  });
});

describe('blobs', () => {
  it('never change, so they are cached for ever and asked for once', async () => {
    const id = await putPicture();
    const response = await fetch(at(`/v1/blobs/${id}`));
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(picture));
    const etag = response.headers.get('etag')!;
    const again = await fetch(at(`/v1/blobs/${id}`), { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await putPicture()).toBe(id);
  });

  it('have thumbnails of a few widths, as WebP for who takes it', async () => {
    const large = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#0a0' } })
      .png()
      .toBuffer();
    const id = await putPicture(large);
    const webp = await fetch(at(`/v1/blobs/${id}?w=128`), { headers: { accept: 'image/webp,*/*' } });
    expect(await sharp(await webp.arrayBuffer()).metadata()).toMatchObject({ format: 'webp', width: 128, height: 64 });
    const png = await fetch(at(`/v1/blobs/${id}?w=128`), { headers: { accept: 'image/png' } });
    expect(await sharp(await png.arrayBuffer()).metadata()).toMatchObject({ format: 'png', width: 128 });
    expect(png.headers.get('etag')).not.toBe(webp.headers.get('etag'));
    expect(png.headers.get('vary')).toContain('Accept');
    const wider = await fetch(at(`/v1/blobs/${id}?w=512`));
    expect((await sharp(await wider.arrayBuffer()).metadata()).width).toBe(400);
    expect((await problem(await fetch(at(`/v1/blobs/${id}?w=100`)))).pointers).toEqual(['/w']);
  });

  it('of code are plain text that no browser runs', async () => {
    const job = await submit({
      model: 'scripted/square',
      code: '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    });
    const response = await fetch(at(`/v1/blobs/${job.firstCode}`));
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await problem(await fetch(at(`/v1/blobs/${job.firstCode}?w=64`)))).toMatchObject({ status: 400 });
  });

  it('are images only when they come from outside', async () => {
    const response = await fetch(at('/v1/blobs'), {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: '<html>',
    });
    expect(await problem(response)).toMatchObject({ status: 415, code: 'unsupported-image' });
  });
});

describe('what the server offers', () => {
  it('lists jobs page by page, with filters and counts', async () => {
    const name = `listed-${crypto.randomUUID()}`;
    for (let count = 0; count < 3; count += 1)
      await ended(await submit({ name, model: 'scripted/square', 'policy.maxIterations': '1' }));
    const first = jobPageSchema.parse(await (await fetch(at(`/v1/jobs?search=${name}&limit=2`))).json());
    expect(first).toMatchObject({ hasMore: true, counts: { succeeded: 3, running: 0 } });
    const second = jobPageSchema.parse(
      await (await fetch(at(`/v1/jobs?search=${name}&limit=2&cursor=${first.nextCursor}`))).json(),
    );
    expect(second).toMatchObject({ hasMore: false, nextCursor: null });
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const none = jobPageSchema.parse(await (await fetch(at(`/v1/jobs?search=${name}&status=queued,running`))).json());
    expect(none.data).toEqual([]);
  });

  it('names its models, languages and examples, and an example can be submitted by its blob', async () => {
    const models = modelPageSchema.parse(await (await fetch(at('/v1/models'))).json());
    expect(models.data).toContainEqual(
      expect.objectContaining({ name: 'builtin/vectorizer', ready: true, trusted: true }),
    );
    const languages = languagePageSchema.parse(await (await fetch(at('/v1/languages'))).json());
    expect(languages.data.find(({ language }) => language === 'svg')).toMatchObject({ available: true });
    const examples = examplePageSchema.parse(await (await fetch(at('/v1/examples'))).json());
    expect(examples.data.length).toBeGreaterThanOrEqual(10);
    const [example] = examples.data;
    expect((await fetch(at(`/v1/blobs/${example!.image}`))).headers.get('content-type')).toBe('image/png');
  });

  it('says that it is well, and that it is ready', async () => {
    expect(await (await fetch(at('/healthz'))).json()).toMatchObject({ status: 'ok' });
    const ready = await fetch(at('/readyz'));
    expect(ready.status).toBe(200);
    const { checks } = (await ready.json()) as { checks: { name: string; ok: boolean }[] };
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual(
      ['postgres', 'queue', 'renderers', 'encoder'].map((name) => [name, true]),
    );
  });

  it('describes itself as the committed openapi.json does', async () => {
    const committed = await readFile(resolve(import.meta.dirname, '../../apps/api/openapi.json'), 'utf8');
    expect(await (await fetch(at('/openapi.json'))).json()).toEqual(JSON.parse(committed));
    expect(await (await fetch(at('/docs'))).text()).toContain('swagger-ui');
  });

  it('has a page at its address, which nobody may frame', async () => {
    const response = await fetch(at('/'), { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('other web sites', () => {
  it('cannot post to it', async () => {
    const response = await sendJson('/v1/jobs', {}, { origin: 'https://evil.example' });
    expect(await problem(response)).toMatchObject({ status: 403, code: 'forbidden' });
    const own = await sendJson('/v1/jobs', {}, { origin: stack.url });
    expect(own.status).toBe(400);
  });

  it('cannot read from it under a name of theirs', async () => {
    const { request } = await import('node:http');
    const { promise, resolve: got } = Promise.withResolvers<number | undefined>();
    request(at('/v1/jobs'), { headers: { host: 'evil.example' } }, (answer) => got(answer.resume().statusCode)).end();
    expect(await promise).toBe(403);
    expect(
      (await fetch(at('/v1/jobs'), { headers: { origin: 'https://evil.example' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBeNull();
  });
});
