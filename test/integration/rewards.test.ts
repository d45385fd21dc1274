import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  blobSchema,
  renderAnswerSchema,
  rewardResponseSchema,
  rewardVersionPageSchema,
  type RewardResult,
} from '@pentimento/api-contracts';
import { jobSchema } from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../support/api.ts';
import { startStack, type Stack } from '../support/stack.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const svg = await readFile(join(examples, 'badge.svg'), 'utf8');
const image = await readFile(join(examples, 'badge.png'));
const data = image.toString('base64');
const endless = '<script>for (;;);</script>';
const endsEarlyMs = 8_000;

let stack: Stack;
let blob: string;
let jobId: string;

beforeAll(async () => {
  stack = await startStack({ script: { steps: [{ hang: true }] }, variables: { PENTIMENTO_RENDER_SLOTS: '1' } });
  const put = await send('/v1/blobs', image, 'image/png');
  blob = blobSchema.parse(await put.json()).id;
  const job = await send('/v1/jobs', JSON.stringify({ target: blob, language: 'svg', model: 'scripted/hangs' }));
  jobId = jobSchema.parse(await job.json()).id;
});
afterAll(() => stack?.stop());

function send(path: string, body: BodyInit, type = 'application/json', init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': type, ...(init.headers as Record<string, string>) };
  return fetch(stack.url + path, { ...init, method: 'POST', body, headers });
}

const score = (body: object, init?: RequestInit) =>
  send('/v1/rewards/score', JSON.stringify(body), 'application/json', init);
const item = (id: string, rest: object) => ({ id, language: 'svg', reference: { blob }, ...rest });

async function results(...items: unknown[]): Promise<RewardResult[]> {
  const response = await score({ items });
  expect(response.status).toBe(200);
  return rewardResponseSchema.parse(await response.json()).results;
}

/** Requests that stay open until they are released. */
function hold(count: number, ask: (init: RequestInit) => Promise<Response>) {
  const client = new AbortController();
  const asked = Array.from({ length: count }, () => ask({ signal: client.signal }));
  const ended = Promise.allSettled(asked);
  return { first: () => Promise.race(asked), release: () => client.abort(), ended };
}

describe('POST /v1/rewards/score', () => {
  it('scores references by job, blob and data, in order, each item on its own', async () => {
    const reply = `Here:\n\`\`\`svg\n${svg}\n\`\`\`\n`;
    const answers = await results(
      { id: 'job', jobId, language: 'svg', code: svg },
      item('reply', { response: reply }),
      item('data', { reference: { data }, image: data }),
      item('silent', { response: 'I am sorry.' }),
      item('broken', { code: 'nothing' }),
      item('both', { code: svg, image: data }),
      { id: 'no job', jobId: `job_${'0'.repeat(36)}`, language: 'svg', code: svg },
      item('no blob', { reference: { blob: '0'.repeat(64) }, code: svg }),
      item('text for an image', { image: Buffer.from('<svg/>').toString('base64') }),
      item('cut image', { image: image.subarray(0, 200).toString('base64') }),
      item('address', { reference: { url: 'http://127.0.0.1/' }, code: svg }),
      7,
    );
    expect(answers.map(({ id, status }) => `${id}: ${status}`)).toEqual([
      'job: ok',
      'reply: ok',
      'data: ok',
      'silent: no_code',
      'broken: not_rendered',
      'both: invalid',
      'no job: invalid',
      'no blob: invalid',
      'text for an image: invalid',
      'cut image: invalid',
      'address: invalid',
      '11: invalid',
    ]);
    expect(answers.map(({ score: value }) => value !== null)).toEqual([true, true, true, ...new Array(9).fill(false)]);
    expect(answers[0]!.score).toBeGreaterThan(0.99);
    expect(answers[3]!.components).toMatchObject({ overall: 0, alignment: 0, execution: 0 });
    expect(answers[4]).toMatchObject({ components: { alignment: 1, execution: 0 }, error: { kind: 'syntax' } });
    for (const { error, status } of answers) if (status !== 'ok') expect(error!.message).toMatch(/[.:]/);
  });

  it('scores code that draws one color as 1 for a target of that color, and as no render for any other target', async () => {
    const blue =
      '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><path d="M0 0h60v40H0z" fill="#00f"/></svg>';
    const target = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#00f' } })
      .png()
      .toBuffer();
    const [same, other] = await results(
      item('same', { reference: { data: target.toString('base64') }, code: blue }),
      item('other', { code: blue }),
    );
    expect(same).toMatchObject({ status: 'ok', components: { visual: 1, execution: 1 } });
    expect(other).toMatchObject({ status: 'not_rendered', error: { kind: 'empty' } });
  });

  it('compares the texts: wrong words of the same length lower the text term', async () => {
    const page = (words: string) => ({ language: 'html', code: `<body>${words}</body>` });
    const size = { width: 300, height: 60 };
    const rendered = await send('/v1/renders', JSON.stringify({ ...page('Profit 2025'), size }));
    const target = renderAnswerSchema.parse(await rendered.json());
    if (target.status !== 'ok') throw new Error(target.message);
    const reference = { data: target.image, text: 'Profit 2025' };
    const [right, wrong] = await results(
      item('right', { reference, ...page('Profit 2025') }),
      item('wrong', { reference, ...page('Losses 1999') }),
    );
    expect(right!.components.text).toBe(1);
    expect(wrong!.components.text).toBeLessThan(0.6);
  });

  it('answers a repeated request from its cache, with the same score', async () => {
    const asked = item('again', {
      reference: { data },
      code: svg.replace('</svg>', '<rect width="9" height="9"/></svg>'),
    });
    const [first] = await results(asked);
    const [second] = await results(asked);
    expect([first!.cached, second!.cached]).toEqual([false, true]);
    expect(second!.components).toEqual(first!.components);
  });

  it('reports its version, and refuses to score by another', async () => {
    const page = rewardVersionPageSchema.parse(await (await fetch(`${stack.url}/v1/rewards/versions`)).json());
    const [version] = page.data;
    const asked = { records: true, items: [item('a', { image: data })] };
    const named = await score({ ...asked, rewardVersion: version!.id });
    const body = rewardResponseSchema.parse(await named.json());
    expect(body.rewardVersion).toBe(version!.id);
    expect(body.results[0]!.record).toMatchObject({ version: version!.version, encoder: version!.encoder });
    const refused = await score({ ...asked, rewardVersion: 'another' });
    expect(await problem(refused)).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: expect.stringContaining(version!.id),
    });
  });

  it.each([
    ['10,000 items', { items: new Array(10_000).fill({}) }, '/items'],
    ['no item', { items: [] }, '/items'],
    ['items that are no list', { items: 'all' }, '/items'],
    ['a deadline of no time', { items: [1], deadlineMs: 0 }, '/deadlineMs'],
    ['a field that is not known', { items: [1], url: 'http://127.0.0.1' }, '/url'],
  ])('refuses %s in a sentence', async (_what, body, pointer) => {
    const refused = await problem(await score(body));
    expect(refused).toMatchObject({ status: 400, pointers: [pointer] });
  });

  it('refuses bodies that are not JSON, not a request or too large, and pages of other sites', async () => {
    expect((await problem(await send('/v1/rewards/score', '{"items": ['))).status).toBe(400);
    expect((await problem(await send('/v1/rewards/score', '[]'))).status).toBe(400);
    expect((await problem(await send('/v1/rewards/score', 'hello', 'text/plain'))).status).toBe(415);
    const big = await send('/v1/rewards/score', JSON.stringify({ items: ['x'.repeat(65 * 2 ** 20)] }));
    expect(await problem(big)).toMatchObject({ status: 413, detail: expect.stringContaining('64 MiB') });
    const page = await score({ items: [1] }, { headers: { origin: 'https://evil.example' } });
    expect((await problem(page)).status).toBe(403);
  });

  it('ends at the deadline, without a score for items that were not reached', async () => {
    const started = performance.now();
    const response = await score({ deadlineMs: 500, items: [item('late', { language: 'html', code: endless })] });
    const body = rewardResponseSchema.parse(await response.json());
    expect(body.results).toMatchObject([{ id: 'late', status: 'deadline', score: null }]);
    expect(performance.now() - started).toBeLessThan(endsEarlyMs);
  });

  it('stops when the client disconnects, so that the next one need not wait', async () => {
    const held = hold(1, (init) =>
      score({ items: [item('held', { language: 'html', code: `${endless}<p>1` })] }, init),
    );
    held.release();
    const started = performance.now();
    expect((await results(item('next', { code: svg.replace('</svg>', '<!-- next --></svg>') })))[0]!.status).toBe('ok');
    expect(performance.now() - started).toBeLessThan(endsEarlyMs);
    await held.ended;
  });

  it('refuses a batch that does not fit in the queue, and says when to retry', async () => {
    const items = Array.from({ length: 256 }, (_, index) =>
      item(String(index), { language: 'html', code: `${endless}<p>batch ${index}` }),
    );
    const held = hold(6, (init) => score({ items }, init));
    const refused = await held.first();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await problem(refused)).toMatchObject({ status: 429, code: 'busy' });
    held.release();
    await held.ended;
    expect((await results(item('after', { code: svg })))[0]!.status).toBe('ok');
  });
});

describe('POST /v1/renders', () => {
  const render = (body: object, init?: RequestInit) =>
    send('/v1/renders', JSON.stringify(body), 'application/json', init);

  it('renders code, and says why code renders nothing', async () => {
    const rendered = renderAnswerSchema.parse(await (await render({ language: 'svg', code: svg })).json());
    if (rendered.status !== 'ok') throw new Error(rendered.message);
    expect(Buffer.from(rendered.image, 'base64').subarray(1, 4).toString()).toBe('PNG');
    const failed = renderAnswerSchema.parse(await (await render({ language: 'svg', code: 'nothing' })).json());
    expect(failed).toMatchObject({ status: 'failed', kind: 'syntax' });
  });

  it('renders a page in the requested size', async () => {
    const asked = { language: 'html', code: '<body style="margin:0"></body>x', size: { width: 321, height: 123 } };
    expect(await (await render(asked)).json()).toMatchObject({ status: 'ok', width: 321, height: 123 });
  });

  it.each([
    ['no code', { language: 'svg', code: '' }, '/code'],
    ['a size of nothing', { language: 'svg', code: svg, size: { width: 0, height: 9 } }, '/size/width'],
    ['a wish to be trusted', { language: 'svg', code: svg, trusted: true }, '/trusted'],
  ])('refuses %s', async (_what, body, pointer) => {
    expect(await problem(await render(body))).toMatchObject({ status: 400, pointers: [pointer] });
  });

  it('refuses an unknown language', async () => {
    const refused = await problem(await render({ language: 'cobol', code: 'x' }));
    expect(refused).toMatchObject({ status: 422, code: 'language-unknown', pointers: ['/language'] });
  });

  it('refuses more renders than it has slots for, and accepts them when slots are free', async () => {
    const held = hold(80, (init) => render({ language: 'html', code: `${endless}<p>held` }, init));
    const refused = await held.first();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await problem(refused)).toMatchObject({ status: 429, code: 'busy' });
    held.release();
    await held.ended;
    expect((await render({ language: 'svg', code: svg })).status).toBe(200);
  });
});
