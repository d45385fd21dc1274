import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fence, writeTask, type Prompt, type ReplyProgress, type Task } from '@pentimento/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModels, promptDigest, type LoggedCall } from '../index.ts';
import { scriptSchema } from './script.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pentimento-script-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a worker process would have: nothing is shared with another but the files. */
function startWorker(script: object) {
  const path = join(folder, 'script.json');
  writeFileSync(path, JSON.stringify(script));
  const waits: number[] = [];
  const models = createModels({
    languages: [{ id: 'svg', fenceNames: ['svg', 'xml'] }],
    environment: { PENTIMENTO_SCRIPTED_MODEL: path, PENTIMENTO_MODEL_TIMEOUT_SECONDS: '0.2' },
    blobs: { get: () => Promise.resolve(Uint8Array.of()) },
    random: () => 0,
    sleep: (ms) => (waits.push(ms), Promise.resolve()),
  });
  const ask = (prompt: Prompt, options: { seed?: number; signal?: AbortSignal; model?: string } = {}) =>
    models.generate(
      {
        model: options.model ?? 'scripted/test',
        prompt,
        sampling: { temperature: null, seed: options.seed ?? null, maxOutputTokens: null },
      },
      { signal: options.signal ?? new AbortController().signal },
    );
  return { models, ask, waits };
}

const sampling = { temperature: null, seed: null, maxOutputTokens: null };

function promptFor(task: Partial<Task>, code?: string, more = ''): Prompt {
  const whole: Task = {
    task: code === undefined ? 'draft' : 'refine',
    language: 'svg',
    answer: code === undefined ? 'code' : 'edits',
    size: { width: 40, height: 30 },
    images: [],
    score: code === undefined ? null : 0.5,
    patches: [],
    keep: [],
    ...task,
  };
  const example = fence('<<<<<<< SEARCH\nlines\n=======\nother lines\n>>>>>>> REPLACE', 'svg');
  const text = [writeTask(whole), more, code === undefined ? '' : fence(code, 'svg'), example].join('\n\n');
  return { instructions: 'Draw.', messages: [{ role: 'user', content: [{ type: 'text', text }] }] };
}

async function textOf(outcome: ReturnType<ReturnType<typeof startWorker>['ask']>): Promise<string> {
  const result = await outcome;
  if (!result.ok) throw new Error(result.failure.message);
  return result.reply.text;
}

function logged(): LoggedCall[] {
  return readFileSync(join(folder, 'calls.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LoggedCall);
}

const growing = {
  log: 'calls.jsonl',
  steps: [
    { when: { task: 'draft' }, code: '<svg width="{{width}}" height="{{height}}">\n</svg>' },
    { when: { task: 'refine' }, edits: [{ search: '</svg>', replace: '<!-- {{lines}} -->\n</svg>' }] },
  ],
};

describe('replies', () => {
  it('answers with code in the fence of the language', async () => {
    const { ask } = startWorker(growing);
    expect(await textOf(ask(promptFor({})))).toBe('```svg\n<svg width="40" height="30">\n</svg>\n```');
  });

  it('answers with edits to the current code', async () => {
    const { ask } = startWorker(growing);
    expect(await textOf(ask(promptFor({}, '<svg>\n</svg>')))).toBe(
      '```svg\n<<<<<<< SEARCH\n</svg>\n=======\n<!-- 2 -->\n</svg>\n>>>>>>> REPLACE\n```',
    );
  });

  it('gives usage and what served it', async () => {
    const { ask } = startWorker({ steps: [{ text: 'abcd', usage: { inputTokens: 7, outputTokens: null } }] });
    expect(await ask(promptFor({}), { model: 'scripted/mine' })).toMatchObject({
      ok: true,
      reply: { usage: { inputTokens: 7, outputTokens: null }, served: { model: 'mine' }, finishReason: 'stop' },
    });
  });

  it('waits before it answers', async () => {
    const { ask, waits } = startWorker({
      delayMs: 40,
      steps: [
        { when: { call: 1 }, text: 'a' },
        { text: 'b', delayMs: 9 },
      ],
    });
    await ask(promptFor({}));
    await ask(promptFor({}));
    expect(waits).toEqual([40, 9]);
  });

  it('streams in parts at its pace, what it thinks first', async () => {
    const step = { text: 'abcde', reasoning: 'xyz', pace: { characters: 2, everyMs: 7 } };
    const { models, waits } = startWorker({ steps: [step] });
    const seen: string[] = [];
    const request = { model: 'scripted/test', prompt: promptFor({}), sampling };
    const onProgress = ({ reasoning, text }: ReplyProgress) => seen.push(`${reasoning}|${text}`);
    await models.generate(request, { signal: new AbortController().signal, onProgress });
    expect(seen).toEqual(['xy|', 'xyz|', 'xyz|ab', 'xyz|abcd', 'xyz|abcde']);
    expect(waits).toEqual([7, 7, 7]);
  });

  it('cuts a reply at its limit', async () => {
    const { ask } = startWorker({ steps: [{ text: 'abcdef', cutAt: 3 }] });
    expect(await ask(promptFor({}))).toMatchObject({ ok: true, reply: { text: 'abc', finishReason: 'length' } });
  });
});

describe('failures', () => {
  it('answers with an error and then a reply, waiting as the script says', async () => {
    const { ask, waits } = startWorker({
      steps: [{ when: { call: 1 }, error: { status: 429, headers: { 'retry-after': '3' } } }, { text: 'ok' }],
    });
    expect(await ask(promptFor({}))).toMatchObject({ ok: true, reply: { text: 'ok', attempts: 2 } });
    expect(waits).toEqual([3000]);
  });

  it.each([
    ['a hang', { hang: true }, 'timeout'],
    ['a hang within the reply', { text: 'half', stallAt: 2 }, 'timeout'],
    ['an error within the reply', { error: { status: 401, after: 'half' } }, 'unauthorized'],
    ['a stream without an end', { text: 'half', finish: 'interrupted' }, 'cut_off'],
    ['a content filter', { text: '', finish: 'content-filter' }, 'refused'],
    ['a prompt that no step is for', { when: { task: 'repair' }, text: 'x' }, 'bad_response'],
  ])('plays %s', async (_, step, kind) => {
    const { ask } = startWorker({ steps: [step] });
    expect(await ask(promptFor({}))).toMatchObject({ ok: false, failure: { kind, attempts: 1 } });
  });

  it('ends a hang with the reason of the abort', async () => {
    const { ask } = startWorker({ steps: [{ hang: true }] });
    const cancel = new AbortController();
    const outcome = ask(promptFor({}), { signal: cancel.signal });
    const reason = new Error('canceled');
    cancel.abort(reason);
    await expect(outcome).rejects.toBe(reason);
  });
});

describe('the choice of a step', () => {
  const code = '<svg>\n<g/>\n</svg>';
  it.each<[string, object, Prompt, number | undefined]>([
    ['the kind of task', { task: 'rewrite' }, promptFor({ task: 'rewrite' }, code), undefined],
    ['the form of answer', { answer: 'edits' }, promptFor({}, code), undefined],
    ['a low score', { scoreBelow: 0.6 }, promptFor({}, code), undefined],
    ['a high score', { scoreAtLeast: 0.5 }, promptFor({}, code), undefined],
    ['the lines of the code', { codeLines: 3 }, promptFor({}, code), undefined],
    ['what the code has', { codeHas: '<g/>' }, promptFor({}, code), undefined],
    [
      'what the prompt has',
      { has: ['Iteration 3:', 'Iteration 4:'] },
      promptFor({}, code, '- Iteration 3: - Iteration 4:'),
      undefined,
    ],
    ['the seed', { seed: 5 }, promptFor({}, code), 5],
  ])('is by %s', async (_, when, prompt, seed) => {
    const { ask } = startWorker({ steps: [{ when, text: 'chosen' }, { text: 'other' }] });
    expect(await textOf(ask(prompt, { seed }))).toBe('chosen');
    expect(await textOf(ask(promptFor({ score: null }), { seed: 1 }))).toBe('other');
  });

  it('is the same for the same prompt in another process', async () => {
    const prompt = promptFor({}, code);
    const before = await textOf(startWorker(growing).ask(prompt));
    expect(await textOf(startWorker(growing).ask(prompt))).toBe(before);
  });

  it('can count how often a prompt was asked over all processes', async () => {
    const script = { log: 'calls.jsonl', steps: [{ when: { attempt: 2 }, text: 'second' }, { text: 'any other' }] };
    const asked = async (prompt: Prompt) => textOf(startWorker(script).ask(prompt));
    const replies = [await asked(promptFor({})), await asked(promptFor({}, code)), await asked(promptFor({}))];
    expect(replies).toEqual(['any other', 'any other', 'second']);
  });
});

describe('the log', () => {
  it('has a line when a call starts and one when its reply is whole', async () => {
    const prompt = promptFor({}, '<svg/>');
    await startWorker(growing).ask(prompt, { seed: 4 });
    const line = {
      pid: process.pid,
      digest: promptDigest(prompt),
      seed: 4,
      model: 'test',
      task: 'refine',
      score: 0.5,
      step: 1,
    };
    expect(logged()).toEqual([
      { ...line, event: 'started', at: expect.any(Number) },
      { ...line, event: 'finished', at: expect.any(Number) },
    ]);
  });

  it('has no finish for a call that did not', async () => {
    await startWorker({ log: 'calls.jsonl', steps: [{ hang: true }] }).ask(promptFor({}));
    expect(logged().map(({ event }) => event)).toEqual(['started']);
  });
});

describe('a script', () => {
  it.each<[string, object]>([
    ['no steps', { steps: [] }],
    ['a step that does nothing', { steps: [{ delayMs: 3 }] }],
    ['a step that does two things', { steps: [{ text: 'a', hang: true }] }],
    ['an unknown condition', { steps: [{ when: { iteration: 3 }, text: 'a' }] }],
    ['a count without a log', { steps: [{ when: { attempt: 1 }, text: 'a' }] }],
  ])('with %s is refused', (_, script) => {
    expect(scriptSchema.safeParse(script).success).toBe(false);
    const { models } = startWorker(script);
    expect(models.state('scripted/test')).toMatchObject({
      ready: false,
      reason: expect.stringContaining('correct the file'),
    });
    expect(models.configurationProblems()).toHaveLength(1);
  });

  it('makes its models known, and trusts none of them', () => {
    const { models } = startWorker(growing);
    expect(models.list().data.at(-1)).toMatchObject({ name: 'scripted/test', ready: true, trusted: false });
  });
});
