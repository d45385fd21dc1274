import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jobPageSchema, jobSchema } from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem, startApi, type Api } from '../support/api.ts';

let api: Api;
beforeAll(async () => {
  // Without Python nothing renders molecules.
  api = await startApi({ PENTIMENTO_PYTHON: '/bin/true' });
});
afterAll(() => api?.stop());

/** Blob files and job rows, to which a refused request must not add. */
async function stored(): Promise<{ blobs: number; jobs: number }> {
  const files = await readdir(join(api.stack.home, 'blobs'), { recursive: true, withFileTypes: true });
  const { counts } = jobPageSchema.parse(await api.getJson('/v1/jobs?limit=1'));
  return {
    blobs: files.filter((file) => file.isFile()).length,
    jobs: Object.values(counts).reduce((sum, n) => sum + n, 0),
  };
}

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
    ['16-bit', () => sharp(api.image).toColourspace('rgb16').png().toBuffer(), false],
    ['CMYK', () => sharp(api.image).toColourspace('cmyk').jpeg().toBuffer(), false],
    ['WebP', () => sharp(api.image).webp().toBuffer(), false],
  ])('accepts a %s image', async (_, make, hadAlpha) => {
    const response = await api.sendForm(
      { language: 'svg', model: 'scripted/square', 'policy.maxIterations': '1' },
      await make(),
    );
    const job = jobSchema.parse(await response.json());
    expect(job.target.hadAlpha).toBe(hadAlpha);
    const png = await (await fetch(api.at(`/v1/blobs/${job.target.image}`))).arrayBuffer();
    expect(await sharp(png).metadata()).toMatchObject({
      format: 'png',
      space: 'srgb',
      depth: 'uchar',
      hasAlpha: false,
    });
  });
});

describe('the target of a high-density screen', () => {
  const imageOf = async (image: string) => Buffer.from(await (await fetch(api.at(`/v1/blobs/${image}`))).arrayBuffer());
  const pixel = async (png: Buffer, left: number, top: number) => [
    ...(await sharp(png).extract({ left, top, width: 1, height: 1 }).raw().toBuffer()),
  ];
  const screenshot = () => sharp(api.image).withMetadata({ density: 144 }).png().toBuffer();
  const wanted = { language: 'html', model: 'scripted/square', 'policy.maxIterations': '1' };

  async function bestOf(fields: Record<string, string>) {
    const response = await api.sendForm(fields, await screenshot());
    expect(response.status).toBe(202);
    const job = jobSchema.parse(await response.json());
    await api.ended(job);
    const { best } = await api.getJob(job);
    return { target: job.target, render: await imageOf(best!.image) };
  }

  it('is recognized by its density, and pages are rendered for such a screen', async () => {
    const { target, render } = await bestOf(wanted);
    expect(target).toMatchObject({ width: 64, height: 48, deviceScale: 2 });
    expect(await sharp(render).metadata()).toMatchObject({ width: 64, height: 48 });
    expect(await pixel(render, 60, 40)).toEqual([0, 128, 128]);
  });

  it('has the scale of the request, where the request sets one', async () => {
    const { target, render } = await bestOf({ ...wanted, deviceScale: '1' });
    expect(target.deviceScale).toBe(1);
    expect(await pixel(render, 60, 40)).toEqual([255, 255, 255]);
    const [image, plain] = [await api.putImage(await screenshot()), await api.putImage(api.image)];
    const policy = { maxIterations: 1 };
    const scales = [{ target: image }, { target: plain }, { target: plain, deviceScale: 1.5 }].map(async (request) => {
      const sent = { language: 'html', model: 'scripted/square', policy, ...request };
      return jobSchema.parse(await (await api.sendJson('/v1/jobs', sent)).json()).target.deviceScale;
    });
    expect(await Promise.all(scales)).toEqual([2, 1, 1.5]);
  });

  it('is traced by the built-in model at its own size', async () => {
    const { render } = await bestOf({ ...wanted, model: 'builtin/vectorizer' });
    expect(await sharp(render).metadata()).toMatchObject({ width: 64, height: 48 });
    const [inside, outside] = [await pixel(render, 25, 20), await pixel(render, 56, 43)];
    expect(inside[1]!).toBeLessThan(60);
    expect(outside[1]!).toBeGreaterThan(200);
  });
});

describe('submissions that are refused', () => {
  // A running job stores blobs too.
  beforeAll(() => api.settled());

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
    ['a text named .png', good, async () => Buffer.from('I am no api.image.'), 415, 'unsupported-image', []],
    ['an image cut short', good, async () => api.image.subarray(0, api.image.length - 40), 422, 'invalid-image', []],
    ['one pixel', good, dot, 422, 'invalid-image', []],
    ['20,000 pixels in a row', good, wide, 413, 'image-too-large', []],
    ['a decompression bomb', good, bomb, 413, 'image-too-large', []],
    ['an animation', good, animated, 415, 'unsupported-image', []],
    ['more bytes than allowed', good, async () => Buffer.alloc(21 * 2 ** 20), 413, 'request-too-large', []],
    ['no target', good, undefined, 400, 'invalid-request', ['/target']],
    [
      'an unknown language',
      { ...good, language: 'klingon' },
      async () => api.image,
      422,
      'language-unknown',
      ['/language'],
    ],
    ['no language', { model: good.model }, async () => api.image, 400, 'invalid-request', ['/language']],
    [
      'a language that is not rendered here',
      { ...good, language: 'smiles' },
      async () => api.image,
      422,
      'language-unavailable',
      ['/language'],
    ],
    [
      'threshold 2',
      { ...good, 'policy.threshold': '2' },
      async () => api.image,
      400,
      'invalid-request',
      ['/policy/threshold'],
    ],
    [
      'a minimum for a term that no threshold reads',
      { ...good, 'policy.minimums.worstTile': '0.9', 'policy.minimums.text': '0.9' },
      async () => api.image,
      400,
      'invalid-request',
      ['/policy/minimums/text'],
    ],
    ...['5', '0.5', 'double'].map(
      (deviceScale): [string, Record<string, string>, () => Promise<Buffer>, number, string, string[]] => [
        `a device scale of ${deviceScale}`,
        { ...good, language: 'html', deviceScale },
        async () => api.image,
        400,
        'invalid-request',
        ['/deviceScale'],
      ],
    ),
    [
      'a negative budget',
      { ...good, 'budget.maxCost': '-1' },
      async () => api.image,
      400,
      'invalid-request',
      ['/budget/maxCost'],
    ],
    [
      'unknown fields',
      { ...good, color: 'red', 'policy.zeal': '1' },
      async () => api.image,
      400,
      'invalid-request',
      ['/policy/zeal', '/color'],
    ],
    ['an unknown model', { ...good, model: 'nobody/model' }, async () => api.image, 422, 'model-unknown', ['/model']],
    [
      'an unknown search strategy',
      { ...good, 'policy.strategy': 'random-walk' },
      async () => api.image,
      422,
      'strategy-unknown',
      ['/policy/strategy'],
    ],
    [
      'a missing key',
      { ...good, model: 'anthropic/some-model' },
      async () => api.image,
      422,
      'model-not-ready',
      ['/model'],
    ],
    [
      'a megabyte of code',
      { ...good, code: 'x'.repeat(2 ** 20 + 1) },
      async () => api.image,
      400,
      'invalid-request',
      ['/code'],
    ],
    ['a request part that is no JSON', { request: '{' }, async () => api.image, 400, 'invalid-request', ['/request']],
  ])('refuses %s', async (_, fields, make, status, code, pointers) => {
    const before = await stored();
    const refused = await problem(await api.sendForm(fields, await make?.()));
    expect(refused).toMatchObject({ status, code, pointers });
    expect(refused.detail).toMatch(/\S/);
    expect(await stored()).toEqual(before);
  });

  it('refuses a target blob that does not exist', async () => {
    const refused = await problem(await api.sendJson('/v1/jobs', { ...good, target: '0'.repeat(64) }));
    expect(refused).toMatchObject({ status: 400, pointers: ['/target'] });
  });

  it('refuses a device scale in JSON that is not a number', async () => {
    const sent = { ...good, target: '0'.repeat(64), deviceScale: '2' };
    expect(await problem(await api.sendJson('/v1/jobs', sent))).toMatchObject({
      status: 400,
      pointers: ['/deviceScale'],
    });
  });

  it('names a missing key with its remedy', async () => {
    const refused = await problem(
      await api.sendJson('/v1/jobs', { ...good, model: 'anthropic/x', target: '0'.repeat(64) }),
    );
    expect(refused.detail).toContain('ANTHROPIC_API_KEY');
  });
});

describe('malformed requests', () => {
  it('refuses malformed JSON', async () => {
    const response = await fetch(api.at('/v1/jobs'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":',
    });
    expect(await problem(response)).toMatchObject({ status: 400, code: 'invalid-request' });
  });

  it.each([
    ['/v1/jobs', `${'['.repeat(4_000_000)}`, 'at most 64 levels'],
    ['/v1/rewards/score', `{"items":${'['.repeat(30_000_000)}`, 'at most 64 levels'],
    ['/v1/rewards/score', `{${Array.from({ length: 100_001 }, (_, index) => `"${index}":0`).join()}}`, 'fields'],
  ])('refuses JSON of %s that costs more than its bytes say', async (path, body, detail) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const refused = await problem(await fetch(api.at(path), init));
    expect(refused).toMatchObject({ status: 400, code: 'invalid-request', detail: expect.stringContaining(detail) });
  });

  it('names some of very many wrong fields, each in short', async () => {
    const wrong = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`${index}`.repeat(80), 0]));
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(wrong) };
    const refused = await problem(await fetch(api.at('/v1/exports'), init));
    expect(refused.errors).toHaveLength(20);
    expect(refused.detail).toContain('and more fields are wrong');
    expect(JSON.stringify(refused).length).toBeLessThan(20_000);
  });

  it('refuses a body of another type', async () => {
    const response = await fetch(api.at('/v1/jobs'), {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{}',
    });
    expect(await problem(response)).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('refuses an unknown path, and a method that the path does not have', async () => {
    expect(await problem(await fetch(api.at('/v1/nothing')))).toMatchObject({ status: 404, code: 'not-found' });
    const response = await fetch(api.at('/v1/jobs'), { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(await problem(response)).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('answers 404 for what does not exist', async () => {
    const none = '00000000-0000-7000-8000-000000000000';
    for (const path of [
      `/v1/jobs/job_${none}`,
      `/v1/jobs/job_${none}/iterations`,
      `/v1/jobs/job_${none}/events`,
      `/v1/candidates/cand_${none}`,
      `/v1/blobs/${'0'.repeat(64)}`,
    ]) {
      expect(await problem(await fetch(api.at(path)))).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('refuses an invalid page size, cursor and sequence number', async () => {
    expect((await problem(await fetch(api.at('/v1/jobs?limit=0&shape=round')))).pointers).toEqual(['/limit', '/shape']);
    expect((await problem(await fetch(api.at('/v1/jobs?cursor=nonsense')))).pointers).toEqual(['/cursor']);
    const job = await api.submit({ model: 'scripted/square' });
    expect((await problem(await fetch(api.at(`/v1/jobs/${job.id}/events?after=-1`)))).pointers).toEqual(['/after']);
  });
});
