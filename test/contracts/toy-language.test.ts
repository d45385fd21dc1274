import { resolve } from 'node:path';
import {
  candidatePageSchema,
  languagePageSchema,
  renderAnswerSchema,
  rewardResponseSchema,
} from '@pentimento/api-contracts';
import { fence, promptSchema, type Candidate } from '@pentimento/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { toy } from './toy-language/definition.ts';

const toyRenderer = expect.stringMatching(/^toy-1\.0 fonts-\w+$/) as string;

/** What the target shows (`test/support/api.ts`), and the same with a rectangle that is too narrow. */
const target = '#cc0000 10 5 30 30';
const narrow = '#cc0000 10 5 12 30';
const draft = `An attempt.\n\n${fence('<svg/>', 'svg')}\n\n${fence(narrow, toy.fenceNames[1]!)}`;

/** The draft names the fence as the language also may be named, beside a block of another language; then an edit fixes it. */
const script = {
  steps: [
    { when: { language: 'toy', task: 'draft' }, text: draft },
    { when: { language: 'toy', task: 'refine' }, edits: [{ search: narrow, replace: target }] },
  ],
};

let api: Api;
beforeAll(async () => {
  api = await startApi({}, { script, program: resolve(import.meta.dirname, 'toy-language/serve.ts') });
});
afterAll(() => api?.stop());

const blobText = async (id: string) => (await fetch(api.at(`/v1/blobs/${id}`))).text();
const pixels = async (png: ArrayBuffer | Buffer) => sharp(png).removeAlpha().raw().toBuffer();

it('is listed with its description and a renderer that is tried out', async () => {
  const { data } = languagePageSchema.parse(await api.getJson('/v1/languages'));
  const { id, title, fenceNames, fileExtension, highlighting } = toy;
  expect(data.find((language) => language.id === 'toy')).toEqual({
    ...{ id, title, fenceNames, fileExtension, highlighting, writtenByBuiltinModel: false },
    ...{ available: true, renderer: toyRenderer, isolation: 'sandbox', reason: null },
  });
  expect(data.length).toBeGreaterThan(1);
});

it('is a language of the API as its own description has it', async () => {
  const { components } = (await api.getJson('/openapi.json')) as {
    components: { schemas: { Language: { enum: string[] } } };
  };
  expect(components.schemas.Language.enum).toContain('toy');
});

describe('a job in the toy language', () => {
  let candidates: Candidate[];
  let job: Awaited<ReturnType<Api['submit']>>;

  beforeAll(async () => {
    job = await api.submit({ language: 'toy', model: 'scripted/toy', 'policy.threshold': '0.999' });
    await api.ended(job);
    candidates = candidatePageSchema.parse(await api.getJson(`/v1/jobs/${job.id}/candidates`)).data;
  });

  it('reaches its threshold, and is found by its language', async () => {
    expect(await api.getJob(job)).toMatchObject({
      language: 'toy',
      status: 'succeeded',
      outcome: 'threshold_met',
      error: null,
    });
    expect(await api.getJson('/v1/jobs?language=toy')).toMatchObject({ data: [{ id: job.id, language: 'toy' }] });
    expect(await api.getJson('/v1/jobs?language=svg')).toMatchObject({ data: [] });
  });

  it('asks the model for the toy language in its own words, in a fence of its name', async () => {
    const prompts = await Promise.all(
      candidates.map(async ({ call }) => promptSchema.parse(JSON.parse(await blobText(call!.prompt)))),
    );
    const texts = prompts.map(({ messages }) =>
      messages.flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : ''))).join('\n'),
    );
    for (const { instructions } of prompts) {
      expect(instructions).toContain(toy.promptInstructions);
      expect(instructions).toContain('It is drawn by Toy 1.0: write for these versions.');
    }
    expect(texts[0]).toContain('in one fenced block that opens with ```toy.');
    expect(texts[1]).toContain(fence(narrow, 'toy'));
    for (const text of texts) expect(text).toContain('"language":"toy"');
  });

  it('parses the replies by the fence names, and stores the code of each', async () => {
    expect(candidates.map(({ parseStatus }) => parseStatus)).toEqual(['code', 'edits']);
    expect(await Promise.all(candidates.map(({ code }) => blobText(code!)))).toEqual([narrow, target]);
    // The published rule knows a language by one name.
    expect(candidates.map(({ reward }) => reward.terms.alignment)).toEqual([0, 1]);
  });

  it('renders the code with the renderer of the toy, and scores the renders', async () => {
    expect(candidates.map(({ render }) => render)).toMatchObject([
      { status: 'ok', renderer: toyRenderer, width: 64, height: 48 },
      { status: 'ok', renderer: toyRenderer, width: 64, height: 48 },
    ]);
    const [first, last] = candidates.map(({ reward }) => reward.terms.overall);
    expect(first).toBeLessThan(0.999);
    expect(last).toBe(1);
  });

  it('gives back the best render, which equals the target pixel by pixel', async () => {
    const { best } = await api.getJob(job);
    expect(best).toMatchObject({ candidate: candidates[1]!.id });
    const image = await (await fetch(api.at(`/v1/blobs/${best!.image}`))).arrayBuffer();
    expect(await pixels(image)).toEqual(await pixels(api.image));
  });
});

it('is rendered on request, and a failure of its code is a value', async () => {
  const size = { width: 64, height: 48 };
  const answers = [];
  for (const code of [target, 'a circle']) {
    const response = await api.sendJson('/v1/renders', { language: 'toy', code, size });
    answers.push(renderAnswerSchema.parse(await response.json()));
  }
  expect(answers).toMatchObject([
    { status: 'ok', renderer: toyRenderer },
    { status: 'failed', kind: 'syntax', message: 'Line 1 is not a rectangle.' },
  ]);
});

it('is scored on request, from a whole reply', async () => {
  const item = { language: 'toy', reference: { data: api.image.toString('base64') } };
  const items = [
    { ...item, id: 'right', response: fence(target, 'toy') },
    { ...item, id: 'another language', response: fence(target, 'svg') },
  ];
  const response = await api.sendJson('/v1/rewards/score', { items });
  const { results } = rewardResponseSchema.parse(await response.json());
  expect(results).toMatchObject([
    { id: 'right', status: 'ok', score: 1 },
    { id: 'another language', status: 'no_code', score: null },
  ]);
});

it('is refused where the built-in model is to write it, which cannot', async () => {
  const response = await api.sendForm({ language: 'toy', model: 'builtin/vectorizer' }, api.image);
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ code: 'language-unavailable' });
});
