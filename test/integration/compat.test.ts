import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { blobSchema, rewardResponseSchema } from '@pentimento/api-contracts';
import { type PublishedTerms } from '@pentimento/contracts';
import {
  llamaFactoryResponseSchema,
  nemoVerifyResponseSchema,
  openRlhfResponseSchema,
} from '../../apps/api/src/protocols/reward-servers.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from '../support/api.ts';
import { startStack, type Stack } from '../support/stack.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const svg = await readFile(join(examples, 'isometric.svg'), 'utf8');
const image = await readFile(join(examples, 'isometric.png'));
const data = image.toString('base64');
const fenced = (code: string) => `Here it is:\n\`\`\`svg\n${code}\n\`\`\``;
const exact = fenced(svg);
const rough = fenced('<svg xmlns="http://www.w3.org/2000/svg" width="420" height="420"><circle r="200"/></svg>');
const silent = 'I cannot draw that.';
const broken = fenced('nothing');

let stack: Stack;
let truth: { task: string; target: string; language: string };

beforeAll(async () => {
  // Without a browser no HTML can be rendered: that is how a language is unavailable.
  stack = await startStack({ variables: { PENTIMENTO_CHROMIUM: '/nowhere/chromium', PENTIMENTO_RENDER_SLOTS: '1' } });
  const put = await send('/v1/blobs', new Uint8Array(image), 'image/png');
  truth = { task: 'isometric', target: blobSchema.parse(await put.json()).id, language: 'svg' };
});
afterAll(() => stack?.stop());

const send = (path: string, body: BodyInit, type = 'application/json', init: RequestInit = {}) =>
  fetch(stack.url + path, { ...init, method: 'POST', body, headers: { 'content-type': type } });
const ask = (path: string, body: object) => send(`/v1/compat/${path}`, JSON.stringify(body));

/** What `/v1/rewards/score` gives for the replies. */
async function scored(...replies: string[]): Promise<PublishedTerms[]> {
  const reference = { blob: truth.target };
  const items = replies.map((response) => ({ id: 'a', language: 'svg', reference, response }));
  const response = await send('/v1/rewards/score', JSON.stringify({ items }));
  const { results } = rewardResponseSchema.parse(await response.json());
  return results.map(({ components }) => components as PublishedTerms);
}

const user = (shown: string) => `<|im_start|>user\n${shown}Draw it.<|im_end|>\n<|im_start|>assistant\n`;

describe('POST /v1/compat/openrlhf', () => {
  const prompts = [user('<image>'), user(''), user(''), user('')];
  const replies = [exact, rough, silent, broken];
  const shown = ['<image>'.repeat(40), '', '', ''];
  const query = replies.map((reply, index) => `${user(shown[index]!)}${reply}<|im_end|>`);

  it('scores queries as the native route does, in order', async () => {
    const labels = [JSON.stringify(truth), truth, JSON.stringify({ data, language: 'svg' }), truth];
    const response = await ask('openrlhf', { query, prompts, labels });
    expect(response.status).toBe(200);
    const answer = openRlhfResponseSchema.parse(await response.json());
    const expected = await scored(...replies);
    expect(answer.rewards).toEqual(expected.map(({ overall }) => overall));
    expect(answer.scores).toEqual(answer.rewards);
    expect(answer.extra_logs.alignment).toEqual([1, 1, 0, 1]);
    expect(answer.extra_logs.execution).toEqual([1, 1, 0, 0]);
    expect(answer.rewards[0]).toBeGreaterThan(answer.rewards[1]!);
    expect(answer.rewards.slice(2)).toEqual([0, 0.1]);
  });

  it('writes every number as a float, since trainers make tensors of the type that they find', async () => {
    const response = await ask('openrlhf', { query: [silent], prompts: [''], labels: [truth] });
    const numbers = '"visual":[0.0],"alignment":[0.0],"execution":[0.0]';
    expect(await response.text()).toBe(`{"rewards":[0.0],"scores":[0.0],"extra_logs":{${numbers}}}`);
  });

  it('does not take the code of a prompt for the code of its reply', async () => {
    const prompt = user(`The code so far:\n${exact}\n`);
    const response = await ask('openrlhf', { query: [prompt + silent], prompts: [prompt], labels: [truth] });
    expect(openRlhfResponseSchema.parse(await response.json()).rewards).toEqual([0]);
  });

  it.each([
    ['labels of another count', { query, prompts, labels: [''] }, ''],
    ['no query', { query: [], prompts: [], labels: [] }, '/query'],
    ['more than 256', { query: new Array(257).fill('a'), prompts: [], labels: [] }, '/query'],
    ['a label without a language', { query: ['a'], prompts: ['a'], labels: ['{}'] }, '/labels/0'],
    [
      'a language that is not there',
      { query: ['a'], prompts: ['a'], labels: [{ data, language: 'cobol' }] },
      '/labels/0',
    ],
    ['a label without a target', { query: ['a'], prompts: ['a'], labels: [{ language: 'svg' }] }, '/labels/0'],
    [
      'a target that is not stored',
      { query: ['a'], prompts: ['a'], labels: [{ target: '0'.repeat(64), language: 'svg' }] },
      '/labels/0',
    ],
    ['a prompt that the query does not hold', { query: ['a'], prompts: ['b'], labels: [{}] }, '/query/0'],
  ])('refuses %s in a sentence', async (_what, body, pointer) => {
    const refused = await problem(await ask('openrlhf', body));
    expect(refused).toMatchObject({ status: 400, code: 'invalid-request', pointers: [pointer] });
  });
});

describe('POST /v1/compat/slime', () => {
  const sample = { prompt: [{ role: 'user', content: 'Draw it.' }], response: exact, label: '' };

  it('answers with the number alone, as JSON', async () => {
    const [expected] = await scored(exact);
    const response = await ask('slime', { ...sample, label: JSON.stringify(truth) });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const text = await response.text();
    expect(text).toMatch(/^[01]\.\d+$/);
    expect(JSON.parse(text)).toBe(expected!.overall);
  });

  it('answers with the terms where they are asked for', async () => {
    const response = await ask('slime?reply=terms', { ...sample, response: broken, label: truth });
    expect(await response.json()).toEqual({ score: 0.1, visual: 0, alignment: 1, execution: 0 });
    expect((await problem(await ask('slime?reply=all', { ...sample, label: truth }))).pointers).toEqual(['/reply']);
  });

  it('scores equal samples that come at once alike', async () => {
    const asked = Array.from({ length: 16 }, () => ask('slime', { ...sample, response: rough, label: truth }));
    const rewards = await Promise.all((await Promise.all(asked)).map((response) => response.json()));
    expect(new Set(rewards).size).toBe(1);
  });
});

describe('POST /v1/compat/llamafactory', () => {
  const marked = (label: object) => `Draw it.<pentimento>${JSON.stringify(label)}</pentimento><|im_end|>\n`;

  it('scores what follows the ground truth in each message', async () => {
    const cheat = `${silent}<pentimento>${JSON.stringify({ data, language: 'svg' })}</pentimento>`;
    const messages = [rough, exact, cheat].map((reply) => `${marked(truth)}${reply}<|im_end|>`);
    const response = await ask('llamafactory', { model: 'model', messages });
    const answer = llamaFactoryResponseSchema.parse(await response.json());
    const expected = await scored(rough, exact, silent);
    expect(answer).toMatchObject({ model: 'model', scores: expected.map(({ overall }) => overall) });
  });

  it('refuses a message without a ground truth', async () => {
    const refused = await problem(await ask('llamafactory', { model: 'model', messages: [marked(truth), 'Draw it.'] }));
    expect(refused).toMatchObject({ status: 400, pointers: ['/messages/1'] });
    expect(refused).not.toHaveProperty('scores');
  });
});

describe('/v1/compat/nemo', () => {
  const rollout = (label: unknown, shown = 'data:image/png;base64,') => ({
    responses_create_params: {
      input: [{ role: 'user', content: [{ type: 'input_image', image_url: shown, detail: 'auto' }] }],
      temperature: 1,
    },
    response: {
      id: 'resp_1',
      output: [
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: exact, annotations: [] }] },
      ],
    },
    verifier_metadata: label,
    _ng_task_index: 3,
  });

  it('begins a rollout without keeping anything', async () => {
    const response = await ask('nemo/seed_session', rollout(truth));
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });

  it('sends back what it verified, with the reward and its components', async () => {
    const [expected] = await scored(exact);
    const { overall: reward, visual, alignment, execution } = expected!;
    const parts = { visual, alignment, execution };
    const response = await ask('nemo/verify', rollout(truth));
    const answer = nemoVerifyResponseSchema.parse(await response.json());
    expect(answer).toEqual({ ...rollout(truth), ...parts, reward, reward_components: parts });
  });

  it("takes the prompt's first image for the target where the ground truth names none", async () => {
    const response = await ask('nemo/verify', rollout({ language: 'svg' }, `data:image/png;base64,${data}`));
    expect(nemoVerifyResponseSchema.parse(await response.json()).reward).toBeGreaterThan(0.99);
    const none = await problem(await ask('nemo/verify', rollout({ language: 'svg' }, 'http://127.0.0.1/a.png')));
    expect(none).toMatchObject({ status: 400, pointers: ['/verifier_metadata'] });
  });
});

describe('a failure is never a number', () => {
  const html = { ...fencedRequests('```html\n<p>Hi\n```', 'html') };

  it.each(Object.keys(html))('where the language cannot be rendered: %s', async (route) => {
    const response = await ask(route, html[route]!());
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await problem(response)).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('where too much waits, and says when to ask again', async () => {
    const item = { language: 'python', reference: { data } };
    const items = (batch: number) =>
      Array.from({ length: 256 }, (_, id) => ({
        ...item,
        id: String(id),
        code: `while True: pass # ${batch} ${id}`,
      }));
    const client = new AbortController();
    const held = Array.from({ length: 6 }, (_, batch) =>
      send('/v1/rewards/score', JSON.stringify({ items: items(batch) }), 'application/json', { signal: client.signal }),
    );
    const ended = Promise.allSettled(held);
    await Promise.race(held);
    const many = {
      query: new Array(256).fill(rough),
      prompts: new Array(256).fill(''),
      labels: new Array(256).fill(truth),
    };
    const refused = await ask('openrlhf', many);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await problem(refused)).toMatchObject({ status: 429, code: 'busy' });
    client.abort();
    await ended;
    expect((await ask('openrlhf', { query: [rough], prompts: [''], labels: [truth] })).status).toBe(200);
  });

  it('where the body is no JSON', async () => {
    expect((await problem(await send('/v1/compat/slime', 'hello', 'text/plain'))).status).toBe(415);
    expect((await problem(await send('/v1/compat/slime', '{'))).status).toBe(400);
  });
});

/** One request of each route for a reply in a language. */
function fencedRequests(reply: string, language: string): Record<string, () => object> {
  const label = () => ({ target: truth.target, language });
  return {
    openrlhf: () => ({ query: [reply], prompts: [''], labels: [label()] }),
    slime: () => ({ prompt: '', response: reply, label: label() }),
    llamafactory: () => ({ model: 'm', messages: [`<pentimento>${JSON.stringify(label())}</pentimento>\n${reply}`] }),
    'nemo/verify': () => ({
      responses_create_params: { input: 'Draw it.' },
      response: { output: [{ type: 'message', content: [{ type: 'output_text', text: reply }] }] },
      verifier_metadata: label(),
    }),
  };
}
