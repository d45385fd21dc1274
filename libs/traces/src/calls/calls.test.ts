import type { Prompt, TokenRecord } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { TraceSource } from '../export/source.ts';
import { blobOf, readSampleBlob, sampleTrace } from '../testing/traces.ts';
import { promptImageProblem, tokenProblem } from './check-tokens.ts';
import { readCall, type CallContent } from './read-call.ts';
import { segmentsOf } from './segments.ts';
import { stepsOf } from './steps.ts';

const image = blobOf('target 1');
const [user, answer] = ['user', 'assistant'] as const;
const messageOf = (role: 'user' | 'assistant', text: string) => ({ role, content: [{ type: 'text' as const, text }] });
const shown = { type: 'image' as const, image, mediaType: 'image/png', width: 64, height: 48 };

const promptOf = (...messages: Prompt['messages']): Prompt => ({ instructions: 'Draw.', messages });
const record = (parts: Partial<TokenRecord> = {}): TokenRecord => ({
  promptTokenIds: [1, 7, 7, 2],
  completionTokenIds: [4, 5],
  logprobs: [-0.5, 0],
  logprobsMode: null,
  imagePlaceholders: [{ offset: 1, length: 2, image }],
  ...parts,
});
const withImage = promptOf({ role: user, content: [shown] });

describe('tokenProblem', () => {
  it('accepts tokens whose placeholders are the images of the prompt, or not known', () => {
    expect(tokenProblem(record(), withImage)).toBeUndefined();
    expect(tokenProblem(record({ imagePlaceholders: null }), withImage)).toBeUndefined();
  });

  it.each<[string, Partial<TokenRecord>, string]>([
    ['a missing log-probability', { logprobs: [-0.5] }, '2 completion tokens and 1 log-probabilities'],
    ['a log-probability that is not finite', { logprobs: [-0.5, Number.NEGATIVE_INFINITY] }, '-Infinity is not'],
    ['a log-probability above 0', { logprobs: [-0.5, 0.1] }, '0.1 is not'],
    ['the mark of a missing log-probability', { logprobs: [-0.5, -9999] }, '-9999 is not'],
    ['an image without placeholder', { imagePlaceholders: [] }, '0 image placeholders and 1 images'],
    ['another image', { imagePlaceholders: [{ offset: 1, length: 2, image: blobOf('render 1') }] }, 'another image'],
    [
      'a placeholder outside of the prompt',
      { imagePlaceholders: [{ offset: 3, length: 2, image }] },
      'after the prompt',
    ],
  ])('finds %s', (_, parts, problem) => {
    expect(tokenProblem(record(parts), withImage)).toContain(problem);
  });

  it('finds placeholders that overlap', () => {
    const twice = promptOf({ role: user, content: [shown, shown] });
    const imagePlaceholders = [1, 2].map((offset) => ({ offset, length: 2, image }));
    expect(tokenProblem(record({ imagePlaceholders }), twice)).toContain('begins before');
  });
});

describe('readCall', () => {
  const [candidate] = sampleTrace(1).iterations[1]!.candidates;

  it('reads the texts and the tokens of a call', async () => {
    const call = await readCall(candidate!.call!, new TraceSource(readSampleBlob));
    expect(call).toMatchObject({ reasoning: 'The circle is red.', tokens: { completionTokenIds: [4, 5, 6] } });
    expect(call.reply).toContain('```svg');
    expect(promptImageProblem(call.prompt)).toBeUndefined();
  });

  it('refuses a prompt that has an image more than its task block names, or not the target first', async () => {
    const { prompt } = await readCall(candidate!.call!, new TraceSource(readSampleBlob));
    const [message] = prompt.messages;
    const more = { ...prompt, messages: [{ ...message!, content: [...message!.content, shown] }] };
    expect(promptImageProblem(more)).toBe('The prompt has 3 images and its task block names 2.');
    const swapped = JSON.parse(JSON.stringify(prompt).replace(/"role\\":\\"target/, '"role\\":\\"render')) as Prompt;
    expect(promptImageProblem(swapped)).toBe('The first image of the prompt is not the target.');
  });

  it('throws a typed error where tokens do not belong to the prompt', async () => {
    const tokens = JSON.stringify(record({ imagePlaceholders: [] }));
    const source = new TraceSource((id) =>
      id.startsWith(blobOf('tokens').slice(0, 12))
        ? Promise.resolve(new TextEncoder().encode(tokens))
        : readSampleBlob(id),
    );
    await expect(readCall(candidate!.call!, source)).rejects.toMatchObject({ reason: 'token_mismatch' });
  });
});

describe('stepsOf', () => {
  const first: CallContent = {
    prompt: promptOf(messageOf(user, 'Draw a square.')),
    reply: 'Square.',
    reasoning: null,
    tokens: record({ promptTokenIds: [1, 2], completionTokenIds: [3], logprobs: [-1], imagePlaceholders: [] }),
  };
  const second: CallContent = {
    prompt: promptOf(messageOf(user, 'Draw a square.'), messageOf(answer, 'Square.'), messageOf(user, 'Make it red.')),
    reply: 'Red.',
    reasoning: null,
    tokens: record({
      promptTokenIds: [1, 2, 3, 8, 9],
      completionTokenIds: [4],
      logprobs: [-2],
      imagePlaceholders: null,
    }),
  };

  it('appends a call whose messages and tokens continue those of the call before', () => {
    const steps = stepsOf([first, second]);
    expect(steps.map(({ branchBreak }) => branchBreak)).toEqual([false, false]);
    expect(steps[0]!.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(steps[1]!.messages).toEqual([messageOf(user, 'Make it red.')]);
    expect(steps[1]!.promptTokenIds).toEqual([8, 9]);
    expect(segmentsOf(steps)).toEqual([
      {
        steps: [0, 1],
        tokenIds: [1, 2, 3, 8, 9, 4],
        lossMask: [0, 0, 1, 0, 0, 1],
        logprobs: [0, 0, -1, 0, 0, -2],
        imagePlaceholders: null,
      },
    ]);
  });

  it.each<[string, CallContent]>([
    ['its tokens differ', { ...second, tokens: record({ promptTokenIds: [1, 2, 30, 8, 9] }) }],
    ['its prompt has less tokens', { ...second, tokens: record({ promptTokenIds: [1, 2] }) }],
    ['its messages differ', { ...second, prompt: promptOf(messageOf(user, 'Draw a red square.')) }],
    ['its instructions differ', { ...second, prompt: { ...second.prompt, instructions: 'Paint.' } }],
    ['its tokens are not known', { ...second, tokens: null }],
  ])('starts a new conversation where %s', (_, call) => {
    const [, step] = stepsOf([first, call]);
    expect(step!.branchBreak).toBe(true);
    expect(step!.messages).toHaveLength(call.prompt.messages.length + 1);
    expect(step!.promptTokenIds).toEqual(call.tokens && call.tokens.promptTokenIds);
  });

  it('makes a segment a conversation whose tokens are known', () => {
    const other = { ...second, tokens: record() };
    const segments = segmentsOf(stepsOf([{ ...first, tokens: null }, first, other]));
    expect(segments.map(({ steps, tokenIds }) => [steps, tokenIds])).toEqual([
      [[1], [1, 2, 3]],
      [[2], [1, 7, 7, 2, 4, 5]],
    ]);
  });

  it('has no system message where there are no instructions', () => {
    const [step] = stepsOf([{ ...first, prompt: { ...first.prompt, instructions: '' } }]);
    expect(step!.messages.map(({ role }) => role)).toEqual(['user']);
  });

  it('goes by the messages where only the text is known', () => {
    const [, step] = stepsOf([
      { ...first, tokens: null },
      { ...second, tokens: null },
    ]);
    expect(step).toMatchObject({
      branchBreak: false,
      messages: [messageOf(user, 'Make it red.')],
      promptTokenIds: null,
    });
  });
});
