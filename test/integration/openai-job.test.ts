import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { candidatePageSchema } from '@pentimento/api-contracts';
import { jobSchema, parseEvent, promptSchema, type Job } from '@pentimento/contracts';
import sharp from 'sharp';
import { readEvents } from '../support/events.ts';
import { startOpenAiServer, type OpenAiServer, type ServerReply } from '../support/openai-server.ts';
import { startStack, type Stack } from '../support/stack.ts';

const square = (x: number) => `<rect x="${x}" y="5" width="30" height="30" fill="#c00"/>`;
const draft = `\`\`\`svg\n<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n${square(0)}\n</svg>\n\`\`\``;
const edit = `\`\`\`svg\n<<<<<<< SEARCH\n${square(0)}\n=======\n${square(10)}\n>>>>>>> REPLACE\n\`\`\``;
const usage = { prompt_tokens: 120, completion_tokens: 30 };

/** As a server gives them for the first reply; it gives none for the last. */
const tokens = { prompt: [5, 6, 7], completion: [8, 9], logprobs: [-0.5, -0.25] };

const answers: ServerReply[] = [
  { kind: 'error', status: 429, headers: { 'retry-after': '1' } },
  {
    kind: 'reply',
    text: draft,
    usage,
    model: 'served-name',
    id: 'chat-1',
    fingerprint: 'fp-1',
    tokens,
    reasoning: 'A square.',
  },
  { kind: 'cut', text: edit.slice(0, 40), how: 'broken' },
  { kind: 'reply', text: edit, usage },
];

let server: OpenAiServer;
let stack: Stack;
beforeAll(async () => {
  server = await startOpenAiServer(answers);
  stack = await startStack({
    variables: {
      OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
      OPENAI_COMPATIBLE_API_KEY: 'sk-very-secret',
      PENTIMENTO_MODEL_CAPTURE: JSON.stringify({ 'openai-compatible/vlm': { logprobsMode: 'raw_logprobs' } }),
      PENTIMENTO_MODEL_PRICES: JSON.stringify({ 'openai-compatible/vlm': { input: 1, output: 10 } }),
    },
  });
});
afterAll(async () => {
  await stack?.stop();
  await server?.close();
});

const get = async (path: string) => (await fetch(stack.url + path)).json();
const events = async (job: Job) =>
  (await readEvents(stack.url + job.links.self))
    .filter(({ event }) => event !== 'done')
    .map(({ data }) => parseEvent(data));

it('refines a job with a model over HTTP: waits when the server asks, reports a cut stream by type, continues at the retry', async () => {
  const target = await sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">${square(10)}</svg>`),
  )
    .flatten({ background: '#fff' })
    .png()
    .toBuffer();
  const body = new FormData();
  body.set('request', JSON.stringify({ language: 'svg', model: 'openai-compatible/vlm', policy: { rewriteBelow: 0 } }));
  body.set('target', new Blob([new Uint8Array(target)]), 'target.png');
  const job = jobSchema.parse(await (await fetch(`${stack.url}/v1/jobs`, { method: 'POST', body })).json());

  const first = await events(job);
  expect(first.find(({ type }) => type === 'call.retried')?.data).toMatchObject({ iteration: 0, waitMs: 1000 });
  const failed = jobSchema.parse(await get(job.links.self));
  expect(failed).toMatchObject({
    status: 'failed',
    outcome: 'best_effort',
    error: { code: 'model_cut_off' },
    best: { iteration: 0 },
    spent: { inputTokens: 120, outputTokens: 30 },
  });
  expect(failed.spent.cost).toBeCloseTo((120 * 1 + 30 * 10) / 1e6, 9);

  expect((await fetch(`${stack.url}${job.links.self}/retry`, { method: 'POST' })).status).toBe(202);
  await events(job);
  const ended = jobSchema.parse(await get(job.links.self));
  expect(ended).toMatchObject({ status: 'succeeded', stopReason: 'threshold', best: { iteration: 1, overall: 1 } });
  expect(server.requests).toHaveLength(4);

  const { data: candidates } = candidatePageSchema.parse(await get(`${job.links.self}/candidates`));
  expect(candidates.map((candidate) => candidate.parseStatus)).toEqual(['code', 'edits']);
  expect(candidates[0]!.call).toMatchObject({
    attempts: 2,
    usage: { inputTokens: 120, outputTokens: 30 },
    served: { model: 'served-name', id: 'chat-1', fingerprint: 'fp-1', weightVersion: null },
  });
  const [exact, textOnly] = candidates.map((candidate) => candidate.call!);
  expect(exact!.capture.level).toBe('token_exact');
  expect(await get(`/v1/blobs/${(exact!.capture as { tokens: string }).tokens}`)).toEqual({
    promptTokenIds: tokens.prompt,
    completionTokenIds: tokens.completion,
    logprobs: tokens.logprobs,
    logprobsMode: 'raw_logprobs',
    imagePlaceholders: null,
  });
  expect(await (await fetch(`${stack.url}/v1/blobs/${exact!.reasoning}`)).text()).toBe('A square.');
  expect(textOnly).toMatchObject({ reasoning: null, capture: { level: 'text_only' } });
  for (const [candidate, request] of [
    [candidates[0]!, server.requests[1]!],
    [candidates[1]!, server.requests[3]!],
  ] as const) {
    const prompt = promptSchema.parse(await get(`/v1/blobs/${candidate.call!.prompt}`));
    const stored = prompt.messages[0]!.content.flatMap((part) => (part.type === 'image' ? [part.image] : []));
    expect(stored.length).toBeGreaterThan(0);
    expect(request.images.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))).toEqual(stored);
    expect(request.headers.authorization).toBe('Bearer sk-very-secret');
  }
  expect(JSON.stringify([await events(job), candidates, ended, stack.server.log])).not.toContain('sk-very-secret');
});
