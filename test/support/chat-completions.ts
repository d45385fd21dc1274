import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jobPageSchema } from '@pentimento/contracts';
import type OpenAI from 'openai';
import { vi } from 'vitest';
import { startApi, type Api } from './api.ts';

type Message = OpenAI.ChatCompletionMessageParam;

const svg = (x: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect x="${x}" y="5" width="30" height="30" fill="#c00"/></svg>`;

/** What the drafts are, and what every later reply is: the target itself. */
export const draftCode = svg(0);
export const bestCode = svg(10);

/**
 * By the model's name: `draws` needs two replies for the target; `hangs` never replies, `stops` not to its second prompt; `prose` writes no
 * code; `refused`, `limited` and `breaks` fail as a server would; `pauses` drafts only when it is asked again.
 */
const script = {
  log: 'calls.jsonl',
  steps: [
    { when: { model: 'pauses', task: 'draft', attempt: 1 }, hang: true },
    { when: { model: 'hangs' }, hang: true },
    { when: { model: 'stops', task: 'draft' }, code: draftCode },
    { when: { model: 'stops' }, hang: true },
    { when: { model: 'prose' }, text: 'It is a red square.' },
    { when: { model: 'refused' }, error: { status: 401, message: 'No such key.' } },
    { when: { model: 'limited' }, error: { status: 429, headers: { 'retry-after': '0' } } },
    { when: { model: 'breaks', task: 'draft' }, code: draftCode },
    { when: { model: 'breaks' }, error: { status: 401, message: 'The key has expired.' } },
    { when: { task: 'draft' }, code: draftCode, usage: { inputTokens: 100, outputTokens: 20 } },
    { code: bestCode, usage: { inputTokens: 200, outputTokens: 30 } },
  ],
};

/** Longer than a test may take. */
const waitMs = 120_000;

export const startChatApi = (variables: Record<string, string> = {}): Promise<Api> => startApi(variables, { script });

export const dataUrl = (bytes: Uint8Array, type = 'image/png'): string =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;

/** A message of the user with an image and an instruction. */
export const ask = (image: Uint8Array, text = 'Reproduce this image as SVG.'): Message[] => [
  {
    role: 'user',
    content: [
      { type: 'text', text },
      { type: 'image_url', image_url: { url: dataUrl(image), detail: 'high' } },
    ],
  },
];

/** The id of the job of a model once there is one and its first call has begun. */
export async function startedJob(api: Api, model: string): Promise<string> {
  const job = await vi.waitUntil(async () => (await jobsAtWork(api, model))[0], { timeout: waitMs, interval: 100 });
  await api.started(job);
  return job.id;
}

/** The id of the job of a model once the model has been called. */
export async function calledJob(api: Api, model: string): Promise<string> {
  const log = join(api.stack.home, script.log);
  await vi.waitUntil(() => readFile(log, 'utf8').catch(() => ''), { timeout: waitMs, interval: 100 });
  return startedJob(api, model);
}

const jobsAtWork = async (api: Api, model: string) =>
  jobPageSchema.parse(await api.getJson(`/v1/jobs?model=${model}&status=queued,running`)).data;

/** All that a stream gives. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}
