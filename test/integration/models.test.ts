import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { modelFailureSchema, type ModelOutcome, type Prompt } from '@pentimento/contracts';
import { createModels } from '@pentimento/models';
import { languages } from '@pentimento/render/languages';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startOpenAiServer, type Handler, type OpenAiServer, type ServerReply } from '../support/openai-server.ts';

const key = 'sk-test-4f9c0c1e7a55';
const images = [pretendPng(1, 5000), pretendPng(2, 777)];
const blobs = new Map(images.map((bytes) => [sha256(bytes), bytes]));

const prompt: Prompt = {
  instructions: 'You write code that reproduces a target image.',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Image 1: the target.' },
        { type: 'image', image: sha256(images[0]!), mediaType: 'image/png', width: 8, height: 8 },
        { type: 'text', text: 'Image 2: what the current code draws.' },
        { type: 'image', image: sha256(images[1]!), mediaType: 'image/png', width: 8, height: 8 },
      ],
    },
  ],
};

const whole: Extract<ServerReply, { kind: 'reply' }> = {
  kind: 'reply',
  text: '```svg\n<svg width="10" height="10"/>\n```',
};

let server: OpenAiServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Scene {
  answers: Handler | ServerReply[];
  environment?: Record<string, string>;
  signal?: AbortSignal;
  sampling?: { temperature: number | null; seed: number | null; maxOutputTokens: number | null };
  model?: string;
}

/** One call to a server with the given replies; waits are recorded, not waited for. */
async function call({ answers, environment = {}, signal, sampling, model }: Scene) {
  server = await startOpenAiServer(answers);
  const waits: number[] = [];
  const retries: { reason: string; waitMs: number }[] = [];
  const models = createModels({
    languages,
    environment: {
      OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
      OPENAI_COMPATIBLE_API_KEY: key,
      OPENAI_BASE_URL: `${server.baseUrl}/`,
      OPENAI_API_KEY: key,
      ...environment,
    },
    blobs: { get: (id) => Promise.resolve(blobs.get(id)!) },
    random: () => 0,
    sleep: (ms) => (waits.push(ms), Promise.resolve()),
  });
  const outcome = models.generate(
    {
      model: model ?? 'openai-compatible/Qwen/Qwen3-VL',
      prompt,
      sampling: sampling ?? { temperature: null, seed: null, maxOutputTokens: null },
    },
    { signal: signal ?? new AbortController().signal, onRetry: (reason, waitMs) => retries.push({ reason, waitMs }) },
  );
  return { outcome, server, waits, retries };
}

function failureOf(outcome: ModelOutcome) {
  if (outcome.ok) throw new Error('The call gave a reply.');
  const failure = modelFailureSchema.parse(outcome.failure);
  expect(failure.message).not.toContain(key);
  expect(failure.message).not.toContain('You write code');
  return failure;
}

function replyOf(outcome: ModelOutcome) {
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.reply;
}

describe('a call over HTTP', () => {
  it('sends the prompt as it is: instructions first, images byte for byte', async () => {
    const { outcome, server } = await call({
      answers: [whole],
      sampling: { temperature: 0.7, seed: 42, maxOutputTokens: 4096 },
    });
    await outcome;
    const request = server.requests[0]!;
    expect(request.headers.authorization).toBe(`Bearer ${key}`);
    expect(request.body).toMatchObject({ model: 'Qwen/Qwen3-VL', temperature: 0.7, seed: 42, max_tokens: 4096 });
    expect(request.body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(request.body.messages[0]!.content).toBe(prompt.instructions);
    expect(request.images.map(({ bytes }) => sha256(bytes))).toEqual(images.map(sha256));
    expect(request.images.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/png']);
  });

  it('gives the text as received, with usage, cost and what served it', async () => {
    const text = ' \n```svg\n<svg>\u00e9 \u{1f3a8}</svg>\n```\n\n';
    const { outcome } = await call({
      answers: [
        {
          kind: 'reply',
          text,
          usage: { prompt_tokens: 1200, completion_tokens: 340 },
          model: 'qwen3-vl-8b-awq',
          id: 'chatcmpl-77',
          fingerprint: 'fp_31',
        },
      ],
      environment: { PENTIMENTO_MODEL_PRICES: '{"openai-compatible/Qwen/Qwen3-VL": {"input": 1, "output": 10}}' },
    });
    expect(replyOf(await outcome)).toMatchObject({
      text,
      finishReason: 'stop',
      usage: { inputTokens: 1200, outputTokens: 340, cost: 0.0046 },
      served: { model: 'qwen3-vl-8b-awq', id: 'chatcmpl-77', fingerprint: 'fp_31' },
      attempts: 1,
    });
  });

  it.each([-5, 12.5, 1e300])('reports no usage where a server counts %s tokens', async (prompt_tokens) => {
    const { outcome } = await call({ answers: [{ ...whole, usage: { prompt_tokens, completion_tokens: 340 } }] });
    expect(replyOf(await outcome).usage).toEqual({ inputTokens: null, outputTokens: 340, cost: null });
  });

  it('reports no usage and no cost where the server counts none', async () => {
    const { outcome } = await call({ answers: [{ ...whole, usage: null }] });
    expect(replyOf(await outcome)).toMatchObject({
      usage: { inputTokens: null, outputTokens: null, cost: null },
      served: { fingerprint: null },
    });
  });

  const tokens = { prompt: [1, 7, 7, 2, 7, 3], completion: [40, 41, 42, 43], logprobs: [-0.25, 0, -1.5, -3] };
  const recorded = {
    promptTokenIds: tokens.prompt,
    completionTokenIds: tokens.completion,
    logprobs: tokens.logprobs,
    logprobsMode: 'processed_logprobs',
    imagePlaceholders: [
      { offset: 1, length: 2, image: sha256(images[0]!) },
      { offset: 4, length: 1, image: sha256(images[1]!) },
    ],
  };
  const capture = (settings: object) => ({
    PENTIMENTO_MODEL_CAPTURE: JSON.stringify({
      'openai-compatible/Qwen/Qwen3-VL': { logprobsMode: 'processed_logprobs', imageTokenId: 7, ...settings },
    }),
  });

  it('records the tokens that a server streams, where it is asked for them', async () => {
    const { outcome, server } = await call({ answers: [{ ...whole, tokens }], environment: capture({}) });
    expect(replyOf(await outcome)).toMatchObject({
      capture: { level: 'token_exact', tokens: recorded },
      served: { weightVersion: null },
    });
    expect(server.requests[0]!.body).toMatchObject({ stream: true, logprobs: true, return_token_ids: true });
  });

  it('records the tokens and the version of the weights that a server gives with a whole reply', async () => {
    const { outcome, server } = await call({
      answers: [{ ...whole, id: 'chat-5', tokens: { ...tokens, weightVersion: 'step-12' } }],
      environment: capture({ stream: false }),
    });
    expect(replyOf(await outcome)).toMatchObject({
      text: whole.text,
      capture: { level: 'token_exact', tokens: recorded },
      served: { id: 'chat-5', weightVersion: 'step-12' },
      usage: { inputTokens: 100 },
    });
    expect(server.requests[0]!.body.stream).not.toBe(true);
    expect(server.requests[0]!.body).toMatchObject({ return_prompt_token_ids: true, return_meta_info: true });
  });

  it('takes the version of the weights from the response header that is configured', async () => {
    const answers = [{ ...whole, headers: { 'x-weight-version': 'step-13' } }];
    const { outcome } = await call({ answers, environment: capture({ weightVersionHeader: 'X-Weight-Version' }) });
    expect(replyOf(await outcome).served.weightVersion).toBe('step-13');
  });

  it('records text only where a server gives no tokens, and where it is not asked for them', async () => {
    const plain = await call({ answers: [whole], environment: capture({}) });
    expect(replyOf(await plain.outcome).capture).toMatchObject({ level: 'text_only' });
    await plain.server.close();
    const silent = await call({ answers: [{ ...whole, tokens }] });
    const { capture: unasked } = replyOf(await silent.outcome);
    expect(unasked).toMatchObject({ reason: expect.stringContaining('does not name the model') as string });
    expect(silent.server.requests[0]!.body).not.toHaveProperty('return_token_ids');
    expect(silent.server.requests[0]!.body).not.toHaveProperty('logprobs');
  });

  it('retries a server that gives whole replies, and reports one that is no JSON', async () => {
    const { outcome, waits } = await call({
      answers: [
        { kind: 'error', status: 429, headers: { 'retry-after': '1' } },
        { kind: 'raw', headers: { 'content-type': 'application/json' }, body: '{"choices": [' },
      ],
      environment: capture({ stream: false }),
    });
    expect(await outcome).toMatchObject({ ok: false, failure: { kind: 'cut_off', attempts: 2 } });
    expect(waits).toEqual([1000]);
  });

  it.each([true, false])('keeps reasoning apart from the answer (stream: %s)', async (stream) => {
    const answers: ServerReply[] = [{ ...whole, reasoning: 'The bars are red.' }];
    const { outcome } = await call({ answers, environment: capture({ stream }) });
    expect(replyOf(await outcome)).toMatchObject({ text: whole.text, reasoning: 'The bars are red.' });
  });

  it('sends no key where none is configured', async () => {
    const { outcome, server } = await call({ answers: [whole], environment: { OPENAI_COMPATIBLE_API_KEY: '' } });
    await outcome;
    expect(server.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('serves the openai provider from OPENAI_BASE_URL', async () => {
    const { outcome, server } = await call({
      answers: [{ ...whole, fingerprint: 'fp_9' }],
      model: 'openai/gpt-4.1',
      sampling: { temperature: null, seed: 3, maxOutputTokens: 512 },
    });
    expect(replyOf(await outcome)).toMatchObject({ usage: { inputTokens: 100 }, served: { fingerprint: 'fp_9' } });
    expect(server.requests[0]).toMatchObject({ path: '/v1/chat/completions', body: { seed: 3 } });
    expect(server.requests[0]!.images.map(({ bytes }) => sha256(bytes))).toEqual(images.map(sha256));
  });

  it('gives a reply that hit its token limit with its reason', async () => {
    const { outcome } = await call({ answers: [{ kind: 'reply', text: '```svg\n<svg', finishReason: 'length' }] });
    expect(replyOf(await outcome)).toMatchObject({ text: '```svg\n<svg', finishReason: 'length' });
  });
});

describe('what is tried again', () => {
  it('waits as long as Retry-After says after a 429', async () => {
    const { outcome, waits, retries, server } = await call({
      answers: [{ kind: 'error', status: 429, headers: { 'retry-after': '7' } }, whole],
    });
    expect(replyOf(await outcome).attempts).toBe(2);
    expect(waits).toEqual([7000]);
    expect(retries).toEqual([{ reason: expect.stringContaining('HTTP 429'), waitMs: 7000 }]);
    expect(server.requests).toHaveLength(2);
  });

  it('succeeds after a 500', async () => {
    const { outcome, waits } = await call({ answers: [{ kind: 'error', status: 500 }, whole] });
    expect(replyOf(await outcome).attempts).toBe(2);
    expect(waits).toEqual([1000]);
  });

  it('gives up on an overloaded server after four attempts, with growing waits', async () => {
    const { outcome, waits, server } = await call({ answers: [{ kind: 'error', status: 503 }] });
    expect(failureOf(await outcome)).toMatchObject({ kind: 'overloaded', attempts: 4 });
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(server.requests).toHaveLength(4);
  });

  it('reads an error inside a stream by what it says', async () => {
    const { outcome, waits } = await call({
      answers: [{ kind: 'stream-error', text: 'half a', error: { message: 'busy', code: 503 } }, whole],
    });
    expect(replyOf(await outcome).text).toBe((whole as { text: string }).text);
    expect(waits).toEqual([1000]);
  });

  it('says that a server cannot be reached', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const { outcome, waits } = await call({
      answers: [whole],
      environment: { OPENAI_COMPATIBLE_BASE_URL: `http://127.0.0.1:${port}/v1` },
    });
    const failure = failureOf(await outcome);
    expect(failure).toMatchObject({ kind: 'unreachable', attempts: 4 });
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.message).toContain('OPENAI_COMPATIBLE_BASE_URL');
    expect(waits).toHaveLength(3);
  });
});

describe('what is final', () => {
  it.each<[string, ServerReply, string, string]>([
    [
      '401',
      { kind: 'error', status: 401, message: `Incorrect API key: ${key}` },
      'unauthorized',
      'OPENAI_COMPATIBLE_API_KEY',
    ],
    ['403', { kind: 'error', status: 403 }, 'unauthorized', 'OPENAI_COMPATIBLE_API_KEY'],
    ['404', { kind: 'error', status: 404, message: 'No such model.' }, 'bad_request', 'No such model.'],
    [
      '400 that echoes the prompt',
      { kind: 'error', status: 400, message: prompt.instructions },
      'bad_request',
      'HTTP 400',
    ],
    ['a used-up quota', { kind: 'error', status: 429, code: 'insufficient_quota' }, 'rate_limited', 'billing'],
    [
      'a redirect',
      { kind: 'raw', status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
      'bad_response',
      'redirects',
    ],
    [
      'an HTML page',
      { kind: 'raw', headers: { 'content-type': 'text/html' }, body: '<h1>Hi</h1>' },
      'bad_response',
      'text/html',
    ],
    [
      'a stream of no JSON',
      { kind: 'raw', headers: { 'content-type': 'text/event-stream' }, body: 'data: {nope\n\n' },
      'bad_response',
      'protocol',
    ],
    [
      'an empty stream',
      { kind: 'raw', headers: { 'content-type': 'text/event-stream' }, body: '' },
      'bad_response',
      'empty',
    ],
    [
      'a connection that breaks in the reply',
      { kind: 'cut', text: 'half of a reply', how: 'broken' },
      'cut_off',
      'ended early',
    ],
    ['a stream without a finish', { kind: 'cut', text: 'half of a reply', how: 'closed' }, 'cut_off', 'ended early'],
    ['a content filter', { kind: 'reply', text: '', finishReason: 'content_filter' }, 'refused', 'content filter'],
  ])('%s', async (_, answer, kind, part) => {
    const { outcome, waits } = await call({ answers: [answer] });
    const failure = failureOf(await outcome);
    expect(failure).toMatchObject({ kind, attempts: 1 });
    expect(failure.message).toContain(part);
    expect(failure.message).toMatch(/^[^\n]+\.$/);
    expect(waits).toEqual([]);
  });

  it.each(['openai-compatible/x', 'openai/gpt-4.1'])(
    'closes a stream of %s that goes on after its error',
    async (model) => {
      const { outcome, server } = await call({
        answers: [{ kind: 'stream-error', text: '', error: { message: 'No.', code: 400 }, open: true }],
        model,
      });
      expect(failureOf(await outcome)).toMatchObject({ kind: 'bad_request', attempts: 1 });
      await server.requests[0]!.abandoned;
    },
  );

  it.each<[string, ServerReply]>([
    ['nothing at all', { kind: 'hang' }],
    ['half a reply', { kind: 'hang', after: 'half of a reply' }],
  ])('a hang after %s ends at the deadline and closes the connection', async (_, answer) => {
    const { outcome, server } = await call({
      answers: [answer],
      environment: { PENTIMENTO_MODEL_TIMEOUT_SECONDS: '0.3' },
    });
    const failure = failureOf(await outcome);
    expect(failure).toMatchObject({ kind: 'timeout', attempts: 1 });
    expect(failure.message).toContain('PENTIMENTO_MODEL_TIMEOUT_SECONDS');
    await server.requests[0]!.abandoned;
  });
});

describe('an abort', () => {
  it.each<[string, ServerReply]>([
    ['before the answer', { kind: 'hang' }],
    ['in the middle of the reply', { kind: 'hang', after: 'half of a reply' }],
  ])('%s rejects with its reason and closes the connection', async (_, answer) => {
    const cancel = new AbortController();
    const { outcome, server } = await call({ answers: [answer], signal: cancel.signal });
    const request = await server.received(0);
    const reason = new Error('canceled by the user');
    cancel.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    await request.abandoned;
  });

  it('ends a wait between attempts', async () => {
    const cancel = new AbortController();
    const reason = new Error('shutting down');
    server = await startOpenAiServer([{ kind: 'error', status: 503 }]);
    const models = createModels({
      languages,
      environment: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl },
      blobs: { get: (id) => Promise.resolve(blobs.get(id)!) },
      sleep: () => new Promise<void>(() => {}),
    });
    const onRetry = vi.fn(() => cancel.abort(reason));
    const outcome = models.generate(
      { model: 'openai-compatible/x', prompt, sampling: { temperature: null, seed: null, maxOutputTokens: null } },
      { signal: cancel.signal, onRetry },
    );
    await expect(outcome).rejects.toBe(reason);
    expect(onRetry).toHaveBeenCalledOnce();
    expect(server.requests).toHaveLength(1);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that begin like a PNG and hold every byte value. */
function pretendPng(seed: number, length: number): Uint8Array {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  return Uint8Array.from({ length }, (_, index) => signature[index] ?? (index * (seed + 6)) % 256);
}
