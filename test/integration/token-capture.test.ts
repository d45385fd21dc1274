import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportOptionsSchema, jobSchema, promptSchema } from '@pentimento/contracts';
import { openBlobStore } from '@pentimento/blob-store';
import { createStore, type Store } from '@pentimento/store';
import { traceExporters } from '@pentimento/trace-formats';
import { exportTraces, type Trace } from '@pentimento/traces';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEvents } from '../support/events.ts';
import { exportFolder } from '../support/export-folder.ts';
import { startOpenAiServer, type Handler, type OpenAiServer } from '../support/openai-server.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { plainPython, readWithPython } from '../support/python.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { storedTrace } from '../support/stored-trace.ts';

const imageToken = 9;
const capturing = 'openai-compatible/capturing';
/** Its server gives no tokens although it is asked for them. */
const plain = 'openai-compatible/plain';

const square = (x: number) => `<rect x="${x}" y="5" width="30" height="30" fill="#c00"/>`;
const draft = `\`\`\`svg\n<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">\n${square(0)}\n</svg>\n\`\`\``;
const edit = (x: number) => `\`\`\`svg\n<<<<<<< SEARCH\n${square(0)}\n=======\n${square(x)}\n>>>>>>> REPLACE\n\`\`\``;

/** What a server counts for a prompt of so many images, each a different number of image tokens, and samples for a seed. */
function tokensOf(images: number, seed: number) {
  const expanded = Array.from({ length: images }, (_, index) => [7, ...Array<number>(index + 2).fill(imageToken), 8]);
  const completion = [100 + seed, 101 + seed, 2];
  return { prompt: [1, ...expanded.flat(), 3, 4], completion, logprobs: [-0.125, -(seed + 1) / 1024, -2.5] };
}

/** The placeholders that belong to `tokensOf`. */
const rangesOf = (images: readonly string[]) =>
  images.map((image, index) => ({
    offset: 2 + Array.from({ length: index }, (_, before) => before + 4).reduce((sum, length) => sum + length, 0),
    length: index + 2,
    image,
  }));

/** Candidates draft the same; of a refinement only the first is right. */
const answer: Handler = ({ body, images }) => {
  const seed = body.seed ?? 0;
  const text = images.length === 1 ? draft : edit(seed % 1000 === 0 ? 10 : 20);
  const tokens = body.model === 'plain' ? {} : { tokens: tokensOf(images.length, seed) };
  return { kind: 'reply', text, usage: { prompt_tokens: 10, completion_tokens: 3 }, ...tokens };
};

let postgres: TestPostgres;
let server: OpenAiServer;
let stack: Stack;
let store: Store;
let folder: string;
beforeAll(async () => {
  postgres = await startTestPostgres();
  server = await startOpenAiServer(answer);
  folder = await mkdtemp(join(tmpdir(), 'pentimento-tokens-'));
  const databaseUrl = await postgres.newDatabase();
  const settings = { logprobsMode: 'processed_logprobs', imageTokenId: imageToken };
  stack = await startStack({
    variables: {
      DATABASE_URL: databaseUrl,
      OPENAI_COMPATIBLE_BASE_URL: server.baseUrl,
      PENTIMENTO_MODEL_CAPTURE: JSON.stringify({ [capturing]: settings, [plain]: settings }),
    },
  });
  store = createStore({ databaseUrl, blobs: openBlobStore(join(stack.home, 'blobs')) });
});
afterAll(async () => {
  await store?.close();
  await stack?.stop();
  await server?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Refines the square with a model to its end. */
async function refined(model: string): Promise<Trace> {
  const target = await sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">${square(10)}</svg>`),
  )
    .flatten({ background: '#fff' })
    .png()
    .toBuffer();
  const body = new FormData();
  const policy = { candidates: 2, rewriteBelow: 0, maxIterations: 3 };
  body.set('request', JSON.stringify({ language: 'svg', model, policy, policyVersion: '41' }));
  body.set('target', new Blob([new Uint8Array(target)]), 'target.png');
  const job = jobSchema.parse(await (await fetch(`${stack.url}/v1/jobs`, { method: 'POST', body })).json());
  await readEvents(stack.url + job.links.self);
  return storedTrace(store, job.id);
}

async function exported(format: string, trace: Trace) {
  const out = join(folder, trace.job.id, format);
  const manifest = await exportTraces(
    traceExporters.find(({ id }) => id === format)!,
    (async function* () {
      yield trace;
    })(),
    {
      files: exportFolder(out),
      options: exportOptionsSchema.parse({}),
      filter: {},
      codeVersion: '0',
      readBlob: (id) => store.blobs.get(id),
      splitOf: () => 'train',
      signal: new AbortController().signal,
    },
  );
  return { out, manifest };
}

/** What the server sent for each candidate, and the images of its prompt. */
const expectedOf = ({ iterations }: Trace) =>
  Promise.all(
    iterations
      .flatMap(({ candidates }) => candidates)
      .map(async ({ call, index, iteration }) => {
        const prompt = promptSchema.parse(JSON.parse(new TextDecoder().decode((await store.blobs.get(call!.prompt))!)));
        const images = prompt.messages[0]!.content.flatMap((part) => (part.type === 'image' ? [part.image] : []));
        return { images, tokens: tokensOf(images.length, iteration * 1000 + index) };
      }),
  );

const linesOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('carries token ids, log-probabilities and image placeholders exactly from the server to the exports', async () => {
  const trace = await refined(capturing);
  expect(trace.job).toMatchObject({ status: 'succeeded', stopReason: 'threshold' });
  const expected = await expectedOf(trace);
  expect(expected.map(({ images }) => images.length > 0)).toEqual([true, true, true, true]);
  expect(expected[2]!.images.length).toBeGreaterThan(2);

  const slime = await exported('slime', trace);
  expect(slime.manifest).toMatchObject({ rows: { train: 4 }, drops: {} });
  const { samples } = await readWithPython<{ samples: object[] }>(
    plainPython,
    'read_slime.py',
    join(slime.out, 'train.jsonl'),
  );
  expect(samples).toMatchObject(
    expected.map(({ images, tokens }) => ({
      tokens: [...tokens.prompt, ...tokens.completion],
      response: tokens.completion,
      log_probs: tokens.logprobs,
      placeholders: rangesOf(images),
      images: images.map((id) => `images/${id}.png`),
    })),
  );

  const verifiers = await exported('verifiers', trace);
  const { episodes } = await readWithPython<{ episodes: { run: object; traces: object[] }[] }>(
    plainPython,
    'read_verifiers.py',
    join(verifiers.out, 'traces.jsonl'),
  );
  expect(episodes.map(({ run }) => run)).toMatchObject([
    { work: { policy: { start: 41, end: 41 } } },
    { work: { policy: { start: 41, end: 41 } } },
  ]);
  expect(episodes.flatMap(({ traces }) => traces)).toMatchObject(
    expected.map(({ images, tokens }) => ({
      placeholders: [rangesOf(images)],
      branches: [
        {
          token_ids: [...tokens.prompt, ...tokens.completion],
          mask: [...tokens.prompt.map(() => false), ...tokens.completion.map(() => true)],
          logprobs: [...tokens.prompt.map(() => 0), ...tokens.logprobs],
        },
      ],
    })),
  );

  const multiTurn = await exported('multi-turn', trace);
  const [row] = await linesOf(join(multiTurn.out, 'train.jsonl'));
  const best = [expected[0]!, expected[2]!];
  expect(row).toMatchObject({
    // The second prompt summarizes the first turn, so that it does not continue its tokens.
    turns: [{ branch_break: false }, { branch_break: true }],
    turn_scores: [trace.job.scores[0], 1],
    segments: best.map(({ images, tokens }, turn) => ({
      turns: [turn],
      token_ids: [...tokens.prompt, ...tokens.completion],
      loss_mask: [...tokens.prompt.map(() => 0), ...tokens.completion.map(() => 1)],
      logprobs: [...tokens.prompt.map(() => 0), ...tokens.logprobs],
      image_placeholders: rangesOf(images),
    })),
  });
});

it('leaves calls of which the server gave text only out of token-exact rows, and counts them', async () => {
  const trace = await refined(plain);
  const slime = await exported('slime', trace);
  expect(slime.manifest).toMatchObject({ units: 4, rows: { train: 0 }, drops: { no_tokens: 4 } });
  const drops = await linesOf(join(slime.out, 'drops.jsonl'));
  expect(drops.map(({ reason, detail }) => [reason, detail])).toEqual(
    Array(4).fill(['no_tokens', 'The server sent no token ids of the prompt.']),
  );

  const verifiers = await exported('verifiers', trace);
  const { episodes } = await readWithPython<{ episodes: { traces: object[] }[] }>(
    plainPython,
    'read_verifiers.py',
    join(verifiers.out, 'traces.jsonl'),
  );
  expect(episodes.flatMap(({ traces }) => traces)).toMatchObject(
    Array(4).fill({ branches: [{ token_ids: [], mask: [], logprobs: [] }] }),
  );

  const multiTurn = await exported('multi-turn', trace);
  const [row] = await linesOf(join(multiTurn.out, 'train.jsonl'));
  expect(row).toMatchObject({
    turns: [{ capture_level: 'text_only' }, { capture_level: 'text_only', branch_break: true }],
    segments: [],
  });
});
