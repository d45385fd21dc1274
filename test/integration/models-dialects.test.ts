import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Prompt } from '@pentimento/contracts';
import { createModels } from '@pentimento/models';
import { languages } from '@pentimento/render/languages';
import { afterEach, describe, expect, it } from 'vitest';

/** The protocols of the hosted providers that are not OpenAI's, as their servers speak them. */

const key = 'test-key-0a1b2c3d4e';
const image = Uint8Array.from({ length: 300 }, (_, index) => index % 256);
const prompt: Prompt = {
  instructions: 'You write code.',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'The target:' },
        {
          type: 'image',
          image: createHash('sha256').update(image).digest('hex'),
          mediaType: 'image/png',
          width: 4,
          height: 4,
        },
      ],
    },
  ],
};

interface SentRequest {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** One call to a server that answers with these events, the last list repeating. */
async function call(model: string, streams: object[][]) {
  const seen: SentRequest[] = [];
  server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      seen.push({ url: incoming.url ?? '', headers: incoming.headers, body: Buffer.concat(parts).toString() });
      const events = streams[Math.min(seen.length, streams.length) - 1]!;
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
      outgoing.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const models = createModels({
    languages,
    environment: {
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: url,
      GOOGLE_GENERATIVE_AI_API_KEY: key,
      GOOGLE_BASE_URL: url,
    },
    blobs: { get: () => Promise.resolve(image) },
    sleep: () => Promise.resolve(),
  });
  const outcome = await models.generate(
    { model, prompt, sampling: { temperature: null, seed: null, maxOutputTokens: 1024 } },
    { signal: new AbortController().signal },
  );
  return { outcome, seen };
}

const anthropic = {
  start: {
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-served',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 50, output_tokens: 1 },
    },
  },
  text: [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'a reply' } },
  ],
  end: [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ],
  overloaded: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
};

describe('anthropic', () => {
  const reply = [anthropic.start, ...anthropic.text, ...anthropic.end];

  it('gives the reply, its usage and what served it, and sends the image as it is', async () => {
    const { outcome, seen } = await call('anthropic/claude-sonnet-5-5', [reply]);
    expect(outcome).toMatchObject({
      ok: true,
      reply: {
        text: 'a reply',
        finishReason: 'stop',
        usage: { inputTokens: 50, outputTokens: 9 },
        served: { model: 'claude-served', id: 'msg_1' },
      },
    });
    expect(seen[0]).toMatchObject({ url: '/v1/messages', headers: { 'x-api-key': key } });
    expect(seen[0]!.body).toContain(Buffer.from(image).toString('base64'));
  });

  it.each([
    ['at the start', [anthropic.overloaded]],
    ['in the reply', [anthropic.start, ...anthropic.text, anthropic.overloaded]],
  ])('tries again after an overload %s', async (_, events) => {
    const { outcome } = await call('anthropic/claude-sonnet-5-5', [events, reply]);
    expect(outcome).toMatchObject({ ok: true, reply: { text: 'a reply', attempts: 2 } });
  });

  it('knows a stream without its end', async () => {
    const { outcome } = await call('anthropic/claude-sonnet-5-5', [[anthropic.start, ...anthropic.text]]);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'cut_off', attempts: 1 } });
  });
});

describe('google', () => {
  const part = (text: string, finishReason?: string) => ({
    candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason, index: 0 }],
    usageMetadata: { promptTokenCount: 60, candidatesTokenCount: 5, totalTokenCount: 65 },
    modelVersion: 'gemini-served',
    responseId: 'resp_1',
  });

  it('gives the reply, its usage and what served it, and sends the image as it is', async () => {
    const { outcome, seen } = await call('google/gemini-3.8-flash', [[part('a '), part('reply', 'STOP')]]);
    expect(outcome).toMatchObject({
      ok: true,
      reply: {
        text: 'a reply',
        finishReason: 'stop',
        usage: { inputTokens: 60, outputTokens: 5 },
        served: { model: 'gemini-served', id: 'resp_1' },
      },
    });
    expect(seen[0]!.url).toContain('/v1/models/gemini-3.8-flash:streamGenerateContent');
    expect(seen[0]!.url).not.toContain(key);
    expect(seen[0]!.headers).toMatchObject({ 'x-goog-api-key': key });
    expect(seen[0]!.body).toContain(Buffer.from(image).toString('base64'));
  });

  it('knows a stream without its end', async () => {
    const { outcome } = await call('google/gemini-3.8-flash', [[part('half a ')]]);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'cut_off', attempts: 1 } });
  });

  it('knows a reply that the safety filter stopped', async () => {
    const { outcome } = await call('google/gemini-3.8-flash', [[part('', 'SAFETY')]]);
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'refused' } });
  });
});
