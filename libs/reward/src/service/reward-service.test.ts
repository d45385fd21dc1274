import type { RewardBatch, RewardResult } from '@pentimento/api-contracts';
import type { ByteCache, RenderRequest, RenderResult } from '@pentimento/contracts';
import { rewardResponseSchema } from '@pentimento/api-contracts';
import { uploadLimits, writeEdit } from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EncoderError } from '@pentimento/encoder';
import { createReward, type Reward } from '../reward.ts';
import { termInfos } from '../terms/term-infos.ts';
import { createRewardService, type RewardServiceOptions } from './reward-service.ts';
import { RewardBusyError, RewardVersionError } from '../errors.ts';

const noAbort = new AbortController().signal;
let reward: Reward;
let [red, blue, halves]: string[] = [];
const color = async (background: string, side = 64) =>
  (
    await sharp({ create: { width: side, height: 48, channels: 3, background } })
      .png()
      .toBuffer()
  ).toString('base64');

beforeAll(async () => {
  reward = createReward();
  [red, blue] = [await color('#c00'), await color('#00c')];
  const half = await sharp({ create: { width: 32, height: 48, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const split = sharp(Buffer.from(red, 'base64')).composite([{ input: half, left: 0, top: 0 }]);
  halves = (await split.png().toBuffer()).toString('base64');
});
afterAll(() => reward.close());

/** Renders the color that the code names; some other codes fail in a way of their own. */
function painter(seen: RenderRequest[] = []) {
  return {
    async render(request: RenderRequest, signal: AbortSignal): Promise<RenderResult> {
      seen.push(request);
      const base = { renderer: 'paint 1', ms: 1 };
      if (request.code === 'hang') {
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      }
      if (request.code === 'crash') throw new Error('The renderer no longer starts.');
      if (request.code === 'missing')
        return { status: 'failed', kind: 'unavailable', message: 'It is not installed: install it.', ...base };
      if (!request.code.startsWith('#')) return { status: 'failed', kind: 'syntax', message: 'No color.', ...base };
      const { width, height } = request.size;
      const image = await sharp({ create: { width, height, channels: 3, background: request.code } })
        .png()
        .toBuffer();
      return { status: 'ok', image, width, height, log: '', text: 'red', molecule: null, bitmapShare: null, ...base };
    },
  };
}

const svg = { id: 'svg', fenceNames: ['svg', 'xml'] as [string, string] };
const service = (options: Partial<RewardServiceOptions> = {}) =>
  createRewardService({ reward, renderers: painter(), languages: [svg], ...options });
const batch = (...items: unknown[]): RewardBatch => ({ deadlineMs: 60_000, records: false, items });
const item = (id: string, rest: object) => ({ id, language: 'svg', reference: { data: red }, ...rest });
const reply = (code: string) => `Here it is:\n\`\`\`svg\n${code}\n\`\`\`\n`;

async function results(request: RewardBatch, options?: Partial<RewardServiceOptions>): Promise<RewardResult[]> {
  const response = await service(options).score(request, noAbort);
  return rewardResponseSchema.parse(response).results;
}

describe('a batch', () => {
  it('returns its results in order with every key, for items of any status', async () => {
    const answers = await results(
      batch(
        item('same', { code: '#c00' }),
        item('reply', { response: reply('#c00') }),
        item('silent', { response: 'I cannot.' }),
        item('broken', { code: 'no color' }),
        item('worse', { image: halves }),
        item('text', { image: Buffer.from('no image').toString('base64') }),
        item('long', { response: reply('#c00').padEnd(uploadLimits.codeBytes + 1) }),
        item('missing', { code: 'missing' }),
        item('crash', { code: 'crash' }),
        { id: 'two', language: 'svg', reference: { data: red }, code: '#c00', image: blue },
        { id: 'none', language: 'svg', reference: { data: red } },
        { id: 7, language: 'svg' },
        'nonsense',
        null,
      ),
    );
    expect(answers.map(({ id, status }) => [id, status])).toEqual([
      ['same', 'ok'],
      ['reply', 'ok'],
      ['silent', 'no_code'],
      ['broken', 'not_rendered'],
      ['worse', 'ok'],
      ['text', 'invalid'],
      ['long', 'invalid'],
      ['missing', 'unavailable'],
      ['crash', 'unavailable'],
      ['two', 'invalid'],
      ['none', 'invalid'],
      ['11', 'invalid'],
      ['12', 'invalid'],
      ['13', 'invalid'],
    ]);
    const keys = termInfos().map(({ id }) => id);
    for (const { components, score, status, error } of answers) {
      expect(Object.keys(components)).toEqual(expect.arrayContaining(keys));
      expect(score === null).toBe(status !== 'ok');
      expect(error === null).toBe(status === 'ok');
      if (!['ok', 'no_code', 'not_rendered'].includes(status))
        expect(Object.values(components).filter((term) => term !== null)).toEqual([]);
    }
    expect(answers[0]).toMatchObject({ score: 1, components: { overall: 1, alignment: 1, execution: 1 } });
    expect(answers[2]).toMatchObject({ components: { overall: 0, visual: 0, alignment: 0, execution: 0 } });
    expect(answers[3]).toMatchObject({
      components: { overall: 0.1, visual: 0, alignment: 1, execution: 0 },
      error: { kind: 'syntax', message: 'No color.' },
    });
    expect(answers[4]!.score).toBeLessThan(0.95);
    expect(answers[5]).toMatchObject({ error: { kind: 'input' } });
  });

  it('needs a language for code and replies but not for an image, and names the known languages', async () => {
    const [unknown, missing, image] = await results(
      batch(
        item('unknown', { code: '#c00', language: 'klingon' }),
        item('missing', { code: '#c00', language: undefined }),
        item('image', { image: red, language: undefined }),
      ),
    );
    expect(unknown).toMatchObject({ status: 'invalid', error: { message: expect.stringMatching(/"klingon".*svg/) } });
    expect(missing).toMatchObject({
      status: 'invalid',
      error: { message: expect.stringContaining('Name the language') },
    });
    expect(image).toMatchObject({ status: 'ok', components: { visual: 1 } });
  });

  it('renders untrusted, at the size of the reference or of the viewport, the last block of the language', async () => {
    const seen: RenderRequest[] = [];
    const two = '```svg\n#111\n```\nno, rather\n```svg\n#c00\n```\n```python\nprint()\n```';
    const reference = { data: red, code: '#c00' };
    await results(
      batch(
        item('a', { response: two, reference }),
        item('b', { code: '#c00', viewport: { width: 80, height: 20 }, deviceScale: 2 }),
      ),
      { renderers: painter(seen), concurrency: 1 },
    );
    const { job } = seen[0]!;
    expect(job).toBeTypeOf('string');
    const each = { language: 'svg', code: '#c00', trusted: false, job };
    expect(seen).toEqual([
      { ...each, size: { width: 64, height: 48 }, deviceScale: 1, reference: '#c00' },
      { ...each, size: { width: 80, height: 20 }, deviceScale: 2 },
    ]);
  });

  it('scores equal items once, and the same pair from memory', async () => {
    const seen: RenderRequest[] = [];
    const own = service({ renderers: painter(seen) });
    const ids = Array.from({ length: 20 }, (_, index) => `item ${index}`);
    const first = await own.score(batch(...ids.map((id) => item(id, { code: '#00c' }))), noAbort);
    expect(seen).toHaveLength(1);
    const again = await own.score(batch(item('d', { code: '#00c' })), noAbort);
    expect(first.results.map(({ id }) => id)).toEqual(ids);
    expect(again.results[0]).toMatchObject({ cached: true, score: first.results[0]!.score });
  });

  it('scores equal items of several requests once while they run', async () => {
    const seen: RenderRequest[] = [];
    const own = service({ renderers: painter(seen) });
    const ids = Array.from({ length: 20 }, (_, index) => `item ${index}`);
    const requests = ids.map((id) => own.score(batch(item(id, { code: '#0c0' })), noAbort));
    const answers = (await Promise.all(requests)).map(({ results: [result] }) => result!);
    expect(seen).toHaveLength(1);
    expect(answers.map(({ id, score }) => [id, score])).toEqual(ids.map((id) => [id, answers[0]!.score]));
  });

  it('keeps scores for the next process, and ignores damaged ones', async () => {
    const entries = new Map<string, Uint8Array>();
    const cache: ByteCache = {
      get: async (key) => entries.get(key),
      set: async (key, bytes) => void entries.set(key, bytes),
    };
    const request = batch(item('a', { image: blue }));
    const [fresh] = await results(request, { cache });
    const [kept] = await results(request, { cache });
    expect([fresh!.cached, kept!.cached]).toEqual([false, true]);
    expect(kept!.components).toEqual(fresh!.components);
    for (const key of entries.keys()) entries.set(key, new TextEncoder().encode('{"version":1}'));
    expect((await results(request, { cache }))[0]).toMatchObject({ cached: false, score: fresh!.score });
    for (const key of entries.keys()) entries.set(key, new TextEncoder().encode('no JSON'));
    expect((await results(request, { cache }))[0]).toMatchObject({ cached: false, score: fresh!.score });
  });

  it('returns the record where that is requested, with the version that it names', async () => {
    const request = { ...batch(item('a', { image: blue })), records: true };
    const { results: answers, rewardVersion } = await service().score(request, noAbort);
    const { id, ...version } = await service().version();
    expect(answers[0]!.record).toMatchObject(version);
    expect(answers[0]!.record!.tiles.length).toBeGreaterThan(0);
    expect(rewardVersion).toBe(id);
    expect((await results(batch(item('a', { image: blue }))))[0]!.record).toBeNull();
  });
});

describe('a reference', () => {
  const image = Buffer.from('');
  it('may be a blob or the target of a job, where this process stores any', async () => {
    const bytes = Buffer.from(red!, 'base64');
    const job = `job_${'0'.repeat(36)}`;
    const stored = {
      targetOfJob: async (id: string) => (id === job ? { image: bytes, deviceScale: 2 } : null),
      blob: async (id: string) => (id === 'a'.repeat(64) ? bytes : null),
    };
    const seen: RenderRequest[] = [];
    const items = [
      { id: 'job', jobId: job, language: 'svg', code: '#c00' },
      { id: 'no job', jobId: `job_${'1'.repeat(36)}`, language: 'svg', code: '#c00' },
      item('blob', { reference: { blob: 'a'.repeat(64) }, code: '#c00' }),
      item('no blob', { reference: { blob: 'b'.repeat(64) }, code: '#c00' }),
    ];
    const known = await results(batch(...items), { stored, renderers: painter(seen), concurrency: 1 });
    expect(known.map(({ status }) => status)).toEqual(['ok', 'invalid', 'ok', 'invalid']);
    expect(seen.map(({ deviceScale }) => deviceScale)).toEqual([2, 1]);
    const without = await results(batch(...items));
    expect(without.map(({ status }) => status)).toEqual(['invalid', 'invalid', 'invalid', 'invalid']);
    expect(without[0]!.error!.message).toContain('send the reference as data');
  });

  it('may not be an address, two images, or an image larger than an upload', async () => {
    const huge = await sharp({ create: { width: 8000, height: 8000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const answers = await results(
      batch(
        item('url', { reference: { url: 'http://127.0.0.1/secret.png' }, code: '#c00' }),
        item('both', { reference: { data: red, blob: 'a'.repeat(64) }, code: '#c00' }),
        item('huge', { reference: { data: huge.toString('base64') }, code: '#c00' }),
        item('huge render', { image: huge.toString('base64') }),
        item('not base64', { reference: { data: `${'A'.repeat(4_000_000)}!` }, code: '#c00' }),
        item('empty', { reference: { data: image.toString('base64') }, code: '#c00' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(6).fill('invalid'));
    expect(answers[2]!.error!.message).toContain('8000 x 8000');
  });
});

describe('a base', () => {
  const edit = (search: string, replace: string) => reply(writeEdit({ search, replace }));
  const blobs: Record<string, Uint8Array> = {
    ['a'.repeat(64)]: new TextEncoder().encode('#00c'),
    ['b'.repeat(64)]: Buffer.from('89504e47', 'hex'),
    ['c'.repeat(64)]: new TextEncoder().encode('#'.repeat(uploadLimits.codeBytes + 1)),
  };
  const stored = { targetOfJob: async () => null, blob: async (id: string) => blobs[id] ?? null };
  const named = (digit: string) => ({ blob: digit.repeat(64) });

  it('is what the edits of a response apply to, sent or named by its blob', async () => {
    const seen: RenderRequest[] = [];
    const answers = await results(
      batch(
        item('sent', { response: edit('#00c', '#c00'), base: { code: '#00c' } }),
        item('named', { response: edit('#00c', '#c00'), base: named('a') }),
        item('another', { response: edit('#00c', '#c00'), base: { code: '#00c0' } }),
        item('whole', { response: reply('#c00'), base: { code: '#00c' } }),
        item('silent', { response: 'I cannot.', base: { code: '#00c' } }),
      ),
      { stored, renderers: painter(seen), concurrency: 1 },
    );
    expect(answers.map(({ status, score }) => [status, score])).toEqual([
      ['ok', 1],
      ['ok', 1],
      ['ok', 1],
      ['ok', 1],
      ['no_code', null],
    ]);
    expect(seen.map(({ code }) => code)).toEqual(['#c00', '#c00', '#c000', '#c00']);
    expect(answers[0]!.components).toMatchObject({ alignment: 1, execution: 1 });
  });

  it('gives the edit that does not apply, with the terms of a reply that renders nothing', async () => {
    const edits = [
      { search: '#00c', replace: '#c00' },
      { search: 'blue', replace: 'red' },
    ];
    const response = reply(edits.map(writeEdit).join('\n'));
    const [failed, without] = await results(
      batch(item('failed', { response, base: { code: '#00c' } }), item('without', { response })),
    );
    expect(failed).toMatchObject({
      status: 'edit_failed',
      score: null,
      components: { overall: 0.1, visual: 0, alignment: 1, execution: 0 },
      error: { kind: null, message: 'Edit 2: the search text does not stand in the code: "blue"' },
    });
    expect(without).toMatchObject({ status: 'not_rendered' });
  });

  it('tells equal replies to different code apart while they are scored', async () => {
    const seen: RenderRequest[] = [];
    const own = service({ renderers: painter(seen) });
    const response = edit('0c', 'c0');
    const bases = ['#00c', '#0cc', '#00c', '#0cc'].map((code) => item(code, { response, base: { code } }));
    const answers = await own.score(batch(...bases), noAbort);
    expect(seen.map(({ code }) => code).sort()).toEqual(['#0c0', '#c0c']);
    expect(answers.results[0]!.score).toBe(answers.results[2]!.score);
    expect(answers.results[0]!.score).not.toBe(answers.results[1]!.score);
  });

  it.each([
    [
      'of an unknown blob',
      { base: named('9') },
      'There is no blob of the base: send it as code, or leave out rows of deleted jobs.',
    ],
    ['that is no text', { base: named('b') }, 'The blob of the base is not UTF-8 text: name the blob of code.'],
    [
      'that is too large',
      { base: named('c') },
      'The base has 1048577 characters: name the blob of code of at most 1048576.',
    ],
    ['sent too large', { base: { code: '#'.repeat(uploadLimits.codeBytes + 1) } }, 'Shorten it to at most 1048576'],
    ['named and sent', { base: { ...named('a'), code: '#00c' } }, 'Give the code as blob or as code.'],
    ['of nothing', { base: {} }, 'Give the code as blob or as code.'],
    ['of an image', { base: { code: '#00c' }, response: undefined, image: 'AAAA' }, 'only a response edits code'],
    ['of code', { base: { code: '#00c' }, response: undefined, code: '#c00' }, 'only a response edits code'],
  ])('%s is refused in a sentence', async (_what, rest, message) => {
    const [refused] = await results(batch(item('a', { response: reply('#c00'), ...rest })), { stored });
    expect(refused).toMatchObject({ status: 'invalid', error: { kind: 'input' } });
    expect(refused!.error!.message).toContain(message);
  });

  it('is sent as code where this process stores nothing', async () => {
    const [refused] = await results(batch(item('a', { response: reply('#c00'), base: named('a') })));
    expect(refused!.error!.message).toBe('This service keeps no blobs: send the base as code.');
  });
});

describe('limits', () => {
  it('ends at the deadline: items that were not reached have no score', async () => {
    const deadline = new AbortController();
    const seen: RenderRequest[] = [];
    const renderers = painter(seen);
    const answering = results(
      batch(item('a', { code: '#c00' }), item('b', { code: 'hang' }), item('c', { code: '#0c0' })),
      {
        concurrency: 1,
        timeout: () => deadline.signal,
        renderers: {
          render(request, signal) {
            if (request.code === 'hang') queueMicrotask(() => deadline.abort(new Error('late')));
            return renderers.render(request, signal);
          },
        },
      },
    );
    expect((await answering).map(({ status }) => status)).toEqual(['ok', 'deadline', 'deadline']);
  });

  it('stops when its caller aborts', async () => {
    const caller = new AbortController();
    const scoring = service({ concurrency: 1 }).score(batch(item('a', { code: 'hang' })), caller.signal);
    caller.abort(new Error('left'));
    await expect(scoring).rejects.toThrow('left');
  });

  it('refuses a batch that exceeds the queue, and another version', async () => {
    const small = service({ maxWaiting: 2 });
    const items = [1, 2, 3].map((id) => item(String(id), { code: '#c00' }));
    await expect(small.score(batch(...items), noAbort)).rejects.toThrow(RewardBusyError);
    await expect(small.score({ ...batch(items[0]), rewardVersion: 'another' }, noAbort)).rejects.toThrow(
      RewardVersionError,
    );
  });

  it('counts equal items that wait for the same score', async () => {
    const seen: RenderRequest[] = [];
    const own = service({ maxWaiting: 4, renderers: painter(seen) });
    const caller = new AbortController();
    const equal = (code: string) => batch(...['a', 'b', 'c', 'd'].map((id) => item(id, { code })));
    const held = Promise.allSettled([own.score(equal('hang'), caller.signal)]);
    await expect.poll(() => seen.length).toBe(1);
    await expect(own.score(equal('hang'), caller.signal)).rejects.toThrow(RewardBusyError);
    caller.abort(new Error('left'));
    await held;
    expect((await own.score(equal('#c00'), noAbort)).results).toHaveLength(4);
  });

  it('rejects the whole batch where the encoder cannot be used', async () => {
    const broken = { score: reward.score.bind(reward), version: () => Promise.reject(new EncoderError('No file.')) };
    await expect(service({ reward: broken }).score(batch(item('a', { code: '#c00' })), noAbort)).rejects.toThrow(
      EncoderError,
    );
  });
});
