/** Jobs of a model over HTTP that drafts well, and then makes one mistake of real models again and again. */
import { fence, writeEdit } from '@pentimento/contracts';
import { Client } from '@pentimento/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../support/events.ts';
import { startOpenAiServer, type OpenAiServer, type ServerReply } from '../support/openai-server.ts';
import { startStack, type Stack } from '../support/stack.ts';

const circle = (x: number) => `<circle cx="${x}" cy="24" r="12" fill="#c00"/>`;
const svgOf = (body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n<rect width="64" height="48" fill="#fff"/>\n${body}\n</svg>`;
const goodDraft = svgOf(circle(26));
const target = svgOf(circle(30));
const svg = (code: string) => fence(code, 'svg');
const edit = (search: string, replace: string) => svg(writeEdit({ search, replace }));
const reply = (text: string, more: Partial<Extract<ServerReply, { kind: 'reply' }>> = {}): ServerReply => ({
  kind: 'reply',
  text,
  ...more,
});

interface Mistake {
  mistake: string;
  model: string;
  answer: ServerReply;
  verdict: string;
  /** What the next prompt says of it. */
  noted: string;
}

const mistakes: Mistake[] = [
  {
    mistake: 'a lost closing tag, without which the image is still read',
    model: 'lost-tag',
    answer: reply(svg(goodDraft.replace('</svg>', '').replace(circle(26), `<g>${circle(40)}`))),
    verdict: 'no_gain',
    noted: 'which is no gain',
  },
  {
    mistake: 'code that ends in the middle of a tag',
    model: 'broken-tag',
    answer: reply(svg('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect x="3')),
    verdict: 'no_render',
    noted: 'error',
  },
  {
    mistake: 'prose alone',
    model: 'prose',
    answer: reply('The circle should be a little further to the right, and slightly larger.'),
    verdict: 'no_code',
    noted: 'no closed fenced block',
  },
  {
    mistake: 'search text that is not in the code',
    model: 'missing-search',
    answer: reply(edit('<ellipse rx="3"/>', circle(30))),
    verdict: 'no_code',
    noted: 'the search text does not stand in the code',
  },
  {
    mistake: 'the same reply again',
    model: 'repeated',
    answer: reply(svg(goodDraft)),
    verdict: 'duplicate',
    noted: 'rendered the same image as before',
  },
  {
    mistake: 'a worse reply',
    model: 'worse',
    answer: reply(edit(circle(26), circle(2))),
    verdict: 'no_gain',
    noted: 'which is no gain',
  },
  {
    mistake: 'a reply that does not end before the limit of tokens',
    model: 'endless',
    answer: reply(`\`\`\`svg\n${'<path d="M0 0h1"/>\n'.repeat(2000)}`, { finishReason: 'length' }),
    verdict: 'no_code',
    noted: 'length limit',
  },
  {
    mistake: 'an empty reply',
    model: 'empty',
    answer: reply('', { usage: { prompt_tokens: 100, completion_tokens: 0 } }),
    verdict: 'no_code',
    noted: 'The reply is empty',
  },
  {
    mistake: 'a thought without an answer',
    model: 'thought',
    answer: reply('', { reasoning: 'I should move the circle. Let me see how far.' }),
    verdict: 'no_code',
    noted: 'no closed fenced block',
  },
  {
    mistake: 'a refusal',
    model: 'refusal',
    answer: reply("I'm sorry, but I can't help with that."),
    verdict: 'no_code',
    noted: 'no closed fenced block',
  },
  {
    mistake: 'code of another language',
    model: 'other-language',
    answer: reply(fence('<!doctype html>\n<p>A circle</p>', 'html')),
    verdict: 'no_code',
    noted: 'no closed fenced block',
  },
  {
    mistake: 'code that draws nothing',
    model: 'blank',
    answer: reply(svg('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"></svg>')),
    verdict: 'blank',
    noted: 'drew nothing, or one single color',
  },
];

let server: OpenAiServer;
let stack: Stack;
let client: Client;

beforeAll(async () => {
  const calls = new Map<string, number>();
  server = await startOpenAiServer(({ body: { model } }) => {
    const call = calls.get(model) ?? 0;
    calls.set(model, call + 1);
    return call === 0 ? reply(svg(goodDraft)) : mistakes.find((mistake) => mistake.model === model)!.answer;
  });
  stack = await startStack({ variables: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl } });
  client = new Client({ url: stack.url });
});
afterAll(async () => {
  await stack?.stop();
  await server?.close();
});

async function refine(model: string) {
  const image = await sharp(Buffer.from(target)).png().toBuffer();
  const { id: blob } = await client.putBlob(new Uint8Array(image));
  const policy = { threshold: 1, rewriteBelow: 0, patience: 2 };
  const { id, links } = await client.createJob({
    ...{ target: blob, language: 'svg', model: `openai-compatible/${model}`, policy },
  });
  await readEvents(stack.url + links.self, { enough: ({ event }) => event === 'job.finished' });
  return { job: await client.getJob(id), iterations: await client.listIterations(id) };
}

const textOf = ({ body }: OpenAiServer['requests'][number]): string => JSON.stringify(body.messages);

describe('a job whose model makes a mistake again and again', () => {
  it.each(mistakes)('ends with the best that it saw, and says what happened: $mistake', async (mistake) => {
    const { job, iterations } = await refine(mistake.model);
    expect(job).toMatchObject({ status: 'succeeded', outcome: 'best_effort', stopReason: 'plateau' });
    expect(job.best).toMatchObject({ iteration: 0, code: iterations[0]!.candidates[0]!.code });
    expect(iterations.map(({ verdicts }) => verdicts[0])).toEqual(['accepted', mistake.verdict, mistake.verdict]);
    const [, , last] = server.requests.filter(({ body }) => body.model === mistake.model);
    expect(textOf(last!)).toContain(mistake.noted);
  });
});
