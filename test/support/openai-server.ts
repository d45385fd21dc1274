import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One chat-completions request as the server received it. */
interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** The JSON body; a test reads what it sent. */
  body: ChatBody;
  /** Bytes of the images in the messages, in order. */
  images: { mediaType: string; bytes: Uint8Array }[];
  /** Resolves when the client closes the connection before the answer has ended. */
  abandoned: Promise<void>;
}

interface ChatBody {
  model: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  temperature?: number;
  seed?: number;
  max_tokens?: number;
  logprobs?: boolean;
  return_token_ids?: boolean;
  return_prompt_token_ids?: boolean;
  return_meta_info?: boolean;
  messages: { role: string; content: string | ChatPart[] }[];
}
type ChatPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

interface ReplyTokens {
  prompt: number[];
  completion: number[];
  logprobs: number[];
  weightVersion?: string;
}

export type ServerReply =
  /** A whole reply: as a stream where the request asks for one. */
  | {
      kind: 'reply';
      text: string;
      finishReason?: 'stop' | 'length' | 'content_filter';
      usage?: { prompt_tokens: number; completion_tokens: number } | null;
      model?: string;
      id?: string;
      fingerprint?: string;
      reasoning?: string;
      /** As vLLM and SGLang send them where the request asks for them. */
      tokens?: ReplyTokens;
      headers?: Record<string, string>;
    }
  /** An error as OpenAI's API words it. */
  | { kind: 'error'; status: number; headers?: Record<string, string>; message?: string; code?: string }
  /** Any bytes with any status; with `open`, the connection stays open after them. */
  | { kind: 'raw'; status?: number; headers?: Record<string, string>; body: string; open?: boolean }
  /** Nothing, for ever; with `after`, that text is streamed first. */
  | { kind: 'hang'; after?: string }
  /** A stream of these parts, each once `proceed` lets it go, with the tokens so far in each chunk where they are given. */
  | { kind: 'parts'; parts: readonly { text: string; tokens?: number }[]; proceed(index: number): Promise<void> }
  /** A stream that ends after the text: the connection breaks, or it closes in good order without a finish reason. */
  | { kind: 'cut'; text: string; how: 'broken' | 'closed' }
  /** A stream that reports an error after the text, and then ends or stays open. */
  | { kind: 'stream-error'; text: string; error: Record<string, unknown>; open?: boolean };

export interface OpenAiServer {
  /** As OPENAI_COMPATIBLE_BASE_URL takes it. */
  baseUrl: string;
  requests: ReceivedRequest[];
  /** Resolves with the request of that index (from 0) once it is there. */
  received(index: number): Promise<ReceivedRequest>;
  close(): Promise<void>;
}

export type Handler = (request: ReceivedRequest, index: number) => ServerReply | Promise<ServerReply>;

/**
 * A server on loopback that speaks OpenAI's chat-completions protocol, streams included. It answers by the handler, or
 * by a list of answers in call order, of which the last repeats.
 */
export async function startOpenAiServer(answers: Handler | readonly ServerReply[]): Promise<OpenAiServer> {
  const handler: Handler =
    typeof answers === 'function' ? answers : (_, index) => answers[Math.min(index, answers.length - 1)]!;
  const requests: ReceivedRequest[] = [];
  const waiting: { index: number; resolve: (request: ReceivedRequest) => void }[] = [];
  const sockets = new Set<Socket>();

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    if (incoming.method !== 'POST' || !incoming.url?.endsWith('/chat/completions')) {
      answerError(outgoing, 404, {}, `No route ${incoming.method} ${incoming.url}`);
      return;
    }
    const request = receive(incoming, outgoing, JSON.parse(body) as ChatBody);
    const index = requests.push(request) - 1;
    waiting.filter((waiter) => waiter.index === index).forEach((waiter) => waiter.resolve(request));
    await answer(outgoing, request, await handler(request, index));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    received: (index) =>
      requests[index] ? Promise.resolve(requests[index]) : new Promise((resolve) => waiting.push({ index, resolve })),
    close: async () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      if (server.listening) await once(server, 'close');
    },
  };
}

function receive(incoming: IncomingMessage, outgoing: ServerResponse, body: ChatBody): ReceivedRequest {
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body,
    images: body.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.flatMap(imageOf))),
    abandoned: new Promise((resolve) => outgoing.on('close', () => outgoing.writableFinished || resolve())),
  };
}

function imageOf(part: ChatPart): { mediaType: string; bytes: Uint8Array }[] {
  if (part.type !== 'image_url') return [];
  const data = /^data:([^;]+);base64,(.*)$/s.exec(part.image_url.url);
  if (!data) throw new Error('An image was sent as something else than a data URL.');
  return [{ mediaType: data[1]!, bytes: new Uint8Array(Buffer.from(data[2]!, 'base64')) }];
}

function answer(outgoing: ServerResponse, { body }: ReceivedRequest, reply: ServerReply): void | Promise<void> {
  switch (reply.kind) {
    case 'reply':
      return body.stream ? streamReply(outgoing, body, reply) : jsonReply(outgoing, body, reply);
    case 'error':
      return answerError(outgoing, reply.status, reply.headers ?? {}, reply.message ?? 'An error.', reply.code);
    case 'raw':
      outgoing.writeHead(reply.status ?? 200, reply.headers).write(reply.body);
      if (!reply.open) outgoing.end();
      return;
    case 'hang':
      if (reply.after !== undefined) startStream(outgoing, body, reply.after);
      return;
    case 'parts':
      return streamParts(outgoing, body, reply);
    case 'cut':
      startStream(outgoing, body, reply.text);
      // Ending the socket itself sends what was written and leaves the body without its last chunk.
      if (reply.how === 'broken') outgoing.socket?.end();
      else outgoing.end();
      return;
    case 'stream-error':
      startStream(outgoing, body, reply.text);
      outgoing.write(event({ error: reply.error }));
      if (!reply.open) outgoing.end();
  }
}

type Reply = Extract<ServerReply, { kind: 'reply' }>;

function chunk(body: ChatBody, reply: Partial<Reply>, rest: object): string {
  return event({
    id: reply.id ?? 'chatcmpl-test',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: reply.model ?? body.model,
    ...(reply.fingerprint === undefined ? {} : { system_fingerprint: reply.fingerprint }),
    ...rest,
  });
}

function delta(body: ChatBody, reply: Partial<Reply>, content: object, finish_reason: string | null = null): string {
  return chunk(body, reply, { choices: [{ index: 0, delta: content, finish_reason }] });
}

function startStream(outgoing: ServerResponse, body: ChatBody, text: string, reply: Partial<Reply> = {}): void {
  const { reasoning, tokens, headers } = reply;
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  const choices = [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }];
  const ids = tokens && body.return_token_ids ? { prompt_token_ids: tokens.prompt } : {};
  outgoing.write(chunk(body, reply, { ...ids, choices }));
  if (reasoning) outgoing.write(delta(body, reply, { reasoning_content: reasoning }));
  for (let start = 0; start < text.length; start += 16) {
    const content = { content: text.slice(start, start + 16) };
    const choice = {
      index: 0,
      delta: content,
      finish_reason: null,
      ...tokensOfChunk(body, tokens, start, text.length),
    };
    outgoing.write(chunk(body, reply, { choices: [choice] }));
  }
}

/** Of a stream's chunk: the share of the tokens that its share of the text has, as vLLM sends it. */
function tokensOfChunk(body: ChatBody, tokens: ReplyTokens | undefined, start: number, length: number): object {
  if (!tokens) return {};
  const share = <T>(all: T[]) =>
    all.slice(Math.round((start / length) * all.length), Math.round(((start + 16) / length) * all.length));
  return completionTokens(body, share(tokens.completion), share(tokens.logprobs));
}

function completionTokens(body: ChatBody, ids: number[], logprobs: number[]): object {
  return {
    ...(body.return_token_ids ? { token_ids: ids } : {}),
    ...(body.logprobs ? { logprobs: { content: logprobs.map((logprob) => ({ token: '', logprob })) } } : {}),
  };
}

function streamReply(outgoing: ServerResponse, body: ChatBody, reply: Reply): void {
  startStream(outgoing, body, reply.text, reply);
  outgoing.write(delta(body, reply, {}, reply.finishReason ?? 'stop'));
  if (body.stream_options?.include_usage && reply.usage !== null)
    outgoing.write(chunk(body, reply, { choices: [], usage: usageOf(reply) }));
  outgoing.end('data: [DONE]\n\n');
}

async function streamParts(
  outgoing: ServerResponse,
  body: ChatBody,
  { parts, proceed }: Extract<ServerReply, { kind: 'parts' }>,
): Promise<void> {
  startStream(outgoing, body, '');
  for (const [index, { text, tokens }] of parts.entries()) {
    await proceed(index);
    const usage = tokens === undefined ? {} : { usage: { prompt_tokens: 9, completion_tokens: tokens } };
    outgoing.write(
      chunk(body, {}, { choices: [{ index: 0, delta: { content: text }, finish_reason: null }], ...usage }),
    );
  }
  outgoing.write(delta(body, {}, {}, 'stop'));
  outgoing.end('data: [DONE]\n\n');
}

function jsonReply(outgoing: ServerResponse, body: ChatBody, reply: Reply): void {
  const message = { role: 'assistant', content: reply.text, reasoning_content: reply.reasoning };
  sendJson(
    outgoing,
    200,
    {},
    {
      id: reply.id ?? 'chatcmpl-test',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: reply.model ?? body.model,
      system_fingerprint: reply.fingerprint,
      choices: [{ index: 0, message, finish_reason: reply.finishReason ?? 'stop', ...tokensOfWhole(body, reply) }],
      ...(reply.tokens?.weightVersion ? { metadata: { weight_version: reply.tokens.weightVersion } } : {}),
      usage: reply.usage === null ? undefined : usageOf(reply),
    },
  );
}

/** Of a whole reply's choice, as SGLang sends it. */
function tokensOfWhole(body: ChatBody, { tokens }: Reply): object {
  if (!tokens) return {};
  return {
    ...(body.return_prompt_token_ids ? { prompt_token_ids: tokens.prompt } : {}),
    ...completionTokens(body, tokens.completion, tokens.logprobs),
  };
}

function usageOf({ usage, text }: Reply): object {
  const { prompt_tokens, completion_tokens } = usage ?? { prompt_tokens: 100, completion_tokens: text.length };
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function answerError(
  outgoing: ServerResponse,
  status: number,
  headers: Record<string, string>,
  message: string,
  code?: string,
): void {
  sendJson(outgoing, status, headers, { error: { message, type: 'error', param: null, code: code ?? null } });
}

function sendJson(outgoing: ServerResponse, status: number, headers: Record<string, string>, body: object): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const part of incoming) chunks.push(part as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
