import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelOutcome, ModelRequest } from '@pentimento/contracts';
import { createHomeCaches } from '@pentimento/cache';
import { createModels, LearnedProfiles } from '@pentimento/models';
import { languages } from '@pentimento/render/languages';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { startOpenAiServer, type Handler, type OpenAiServer, type ServerReply } from '../support/openai-server.ts';

/** What servers that call themselves OpenAI-compatible really send, over HTTP. */

const request: ModelRequest = {
  model: 'openai-compatible/vision',
  prompt: { instructions: 'You draw.', messages: [{ role: 'user', content: [{ type: 'text', text: 'A circle.' }] }] },
  sampling: { temperature: null, seed: null, maxOutputTokens: 900 },
};

let server: OpenAiServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A client of a server with these answers. Waits are recorded, not waited for. */
async function clientOf(answers: Handler | ServerReply[], environment: Record<string, string> = {}) {
  const started = await startOpenAiServer(answers);
  server = started;
  const notes: string[] = [];
  const models = createModels({
    languages,
    environment: { OPENAI_COMPATIBLE_BASE_URL: started.baseUrl, ...environment },
    blobs: { get: () => Promise.reject(new Error('There is no image.')) },
    random: () => 0,
    sleep: () => Promise.resolve(),
  });
  const ask = () =>
    models.generate(request, { signal: new AbortController().signal, onRetry: (reason) => notes.push(reason) });
  return { ask, notes, requests: started.requests };
}

const events = (...data: (object | string)[]): string =>
  data.map((part) => `data: ${typeof part === 'string' ? part : JSON.stringify(part)}\n\n`).join('');
const stream = (body: string, rest: { open?: boolean } = {}): ServerReply => ({
  ...{ kind: 'raw', body, ...rest },
  headers: { 'content-type': 'text/event-stream; charset=utf-8' },
});
const json = (body: unknown, status = 200): ServerReply => ({
  ...{ kind: 'raw', status, body: typeof body === 'string' ? body : JSON.stringify(body) },
  headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
});
const delta = (content: string, finish_reason: string | null = null) => ({
  id: 'chat-1',
  model: 'served',
  choices: [{ index: 0, delta: { content }, finish_reason }],
});
const wholeReply = { role: 'assistant', content: 'a circle' };

function failureOf(outcome: ModelOutcome) {
  if (outcome.ok) throw new Error('The call gave a reply.');
  return outcome.failure;
}

describe('a complete reply is never thrown away', () => {
  it.each<[string, ServerReply]>([
    [
      'a chunk without choices: a ping, the usage',
      stream(
        events(
          { type: 'ping' },
          delta('a circle', 'stop'),
          { usage: { prompt_tokens: 7, completion_tokens: 3 } },
          '[DONE]',
        ),
      ),
    ],
    ['no finish reason, then [DONE]', stream(events(delta('a '), delta('circle'), '[DONE]'))],
    ['a connection that stays open after [DONE]', stream(events(delta('a circle', 'stop'), '[DONE]'), { open: true })],
    [
      'counts as texts, and a number as id',
      stream(
        events(
          {
            ...delta('a circle', 'stop'),
            id: 77,
            created: '2026-01-01',
            usage: { prompt_tokens: '7', completion_tokens: '3' },
          },
          '[DONE]',
        ),
      ),
    ],
    [
      'a whole JSON reply instead of a stream',
      json({
        id: 'x',
        choices: [{ index: 0, message: wholeReply, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 3 },
      }),
    ],
    ['a whole reply without a finish reason', json({ choices: [{ message: wholeReply }] })],
    [
      'a whole message in a stream',
      stream(events({ choices: [{ message: wholeReply, finish_reason: 'stop' }] }, '[DONE]')),
    ],
    ['an event that is no JSON', stream(events('keep-alive', delta('a circle', 'stop'), '[DONE]'))],
    [
      'comments and another role',
      stream(
        `: processing\n\n${events({ choices: [{ delta: { role: 'model', content: 'a circle' }, finish_reason: 'stop' }] }, '[DONE]')}`,
      ),
    ],
    [
      'usage that is null',
      stream(events({ ...delta('a circle', 'stop'), usage: null, id: null, model: null }, '[DONE]')),
    ],
  ])('%s', async (_, answer) => {
    const { ask } = await clientOf([answer], { PENTIMENTO_MODEL_TIMEOUT_SECONDS: '20' });
    const outcome = await ask();
    expect(outcome).toMatchObject({ ok: true, reply: { text: 'a circle', finishReason: 'stop', attempts: 1 } });
  });

  it('and its usage is read however it is written', async () => {
    const usage = { prompt_tokens: '7', completion_tokens: '3', prompt_tokens_details: null };
    const { ask } = await clientOf([stream(events(delta('a circle', 'stop'), { usage }, '[DONE]'))]);
    expect(await ask()).toMatchObject({ reply: { usage: { inputTokens: 7, outputTokens: 3 } } });
  });

  it('but a stream that ends without [DONE] and finish reason is cut off', async () => {
    const { ask } = await clientOf([stream(events(delta('a ')))]);
    expect(failureOf(await ask())).toMatchObject({ kind: 'cut_off' });
  });
});

describe('what the server said is what the user reads', () => {
  const words = 'Image input is not enabled';
  it.each<[string, ServerReply]>([
    ['a flat object', json({ object: 'error', message: words, type: 'BadRequestError', code: 400 }, 400)],
    ['a text as error', json({ error: words }, 400)],
    ['a list of details', json({ detail: [{ loc: ['body', 'messages'], msg: words, type: 'value_error' }] }, 422)],
    ['one detail', json({ detail: words }, 400)],
    ['plain text', json(words, 400)],
    ['a JSON text', { ...json(JSON.stringify(words), 400) }],
    ['an object without a code', json({ error: { message: words } }, 400)],
    ['an error in a 200', json({ error: { message: words, type: 'invalid_request_error' } })],
    ['a text as error in a 200', json({ error: words })],
    ['an event that is named error', stream(`event: error\n${events({ message: words })}`)],
    ['an event named error with a text', stream(`event: error\n${events(words)}`)],
    ['an error as a text in a stream', stream(events({ error: words }))],
    ['a flat error in a stream', stream(events({ object: 'error', message: words, code: 400 }))],
  ])('from %s, and nothing is tried again', async (_, answer) => {
    const { ask, requests } = await clientOf([answer]);
    const failure = failureOf(await ask());
    expect(failure.message).toContain(words);
    expect(failure.message).toMatch(/^[^\n]+\.$/);
    expect(failure.kind).toMatch(/^bad_re/);
    expect(requests).toHaveLength(1);
  });

  it('a full context is named as such, whatever the status, and not tried again', async () => {
    const { ask, requests } = await clientOf([json({ error: { message: 'Context size has been exceeded.' } }, 500)]);
    const outcome = failureOf(await ask());
    expect(outcome).toMatchObject({ kind: 'bad_request' });
    expect(outcome.message).toContain('Context size has been exceeded');
    expect(outcome.message).toContain('too large');
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it('no page of a proxy is quoted', async () => {
    const { ask } = await clientOf([
      { kind: 'raw', status: 400, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway words</h1>' },
    ]);
    expect(failureOf(await ask()).message).not.toContain('gateway words');
  });
});

it('a server that takes one image says so once, and the bound is known from then on, also to the next process', async () => {
  const image = new Uint8Array([1, 2, 3]);
  const part = { type: 'image', image: '0'.repeat(64), mediaType: 'image/png', width: 1, height: 1 } as const;
  const words = 'At most 1 image(s) may be provided in one request.';
  server = await startOpenAiServer([json({ object: 'error', message: words, code: 400 }, 400)]);
  const home = await mkdtemp(join(tmpdir(), 'pentimento-models-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const cache = createHomeCaches(home).models;
  const start = async () => {
    const learned = await LearnedProfiles.read(cache);
    const environment = {
      OPENAI_COMPATIBLE_BASE_URL: server!.baseUrl,
      PENTIMENTO_MODEL_IMAGES: '{"openai-compatible/other": 5}',
    };
    const blobs = { get: () => Promise.resolve(image) };
    return { learned, models: createModels({ languages, environment, blobs, learned }) };
  };
  const { models, learned } = await start();
  const prompt = { instructions: '', messages: [{ role: 'user' as const, content: [part, part] }] };
  const outcome = await models.generate({ ...request, prompt }, { signal: new AbortController().signal });
  expect(failureOf(outcome).message).toContain(words);
  const names = ['openai-compatible/vision', 'openai-compatible/other', 'openai-compatible/third'];
  await learned.saved();
  for (const process of [models, (await start()).models])
    expect(names.map((name) => process.limits(name).images)).toEqual([1, 5, Infinity]);
});

describe('what a server does not take is left out, once, and said', () => {
  const asJson = (value: unknown) => JSON.stringify(value);
  it.each<[string, RegExp, string, (body: string) => boolean]>([
    [
      'stream_options',
      /stream_options/,
      'Unrecognized request argument supplied: stream_options',
      (body) => body.includes('"stream_options"'),
    ],
    [
      'max_tokens beyond the context',
      /maxOutputTokens/,
      "'max_tokens' is too large: 900. This model's maximum context length is 800 tokens",
      (body) => body.includes('"max_tokens"'),
    ],
    [
      'max_tokens by another name',
      /max_completion_tokens/,
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      (body) => body.includes('"max_tokens"'),
    ],
    ['a system message', /first user message/, 'System role not supported', (body) => body.includes('"system"')],
    [
      'a system message, by the template of its model',
      /first user message/,
      'Conversation roles must alternate user/assistant/user/assistant/...',
      (body) => body.includes('"system"'),
    ],
  ])('%s', async (name, note, refusal, isRefused) => {
    const { ask, notes, requests } = await clientOf(({ body }) =>
      isRefused(asJson(body)) ? { kind: 'error', status: 400, message: refusal } : { kind: 'reply', text: 'a circle' },
    );
    expect(await ask()).toMatchObject({ ok: true, reply: { text: 'a circle', attempts: 2 } });
    expect(notes).toEqual([expect.stringMatching(note)]);
    expect(requests).toHaveLength(2);
    // What the server takes of no request is remembered.
    const again = name.includes('beyond') ? 2 : 1;
    expect(await ask()).toMatchObject({ ok: true, reply: { attempts: again } });
    expect([requests.length, notes.length]).toEqual([2 + again, again]);
  });

  it('the instructions stay, before the words of the user', async () => {
    const { ask, requests } = await clientOf(({ body }) =>
      body.messages[0]!.role === 'system'
        ? { kind: 'error', status: 400, message: 'System role not supported' }
        : { kind: 'reply', text: 'a circle' },
    );
    await ask();
    expect(requests[1]!.body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'You draw.' },
          { type: 'text', text: 'A circle.' },
        ],
      },
    ]);
  });

  it('a server that refuses everything is asked a few times at most', async () => {
    const everything = 'stream_options, max_tokens, max_completion_tokens and the system role are not supported';
    const { ask, requests } = await clientOf([{ kind: 'error', status: 400, message: everything }]);
    expect(failureOf(await ask())).toMatchObject({ kind: 'bad_request' });
    expect(requests.length).toBeLessThanOrEqual(5);
  });
});
