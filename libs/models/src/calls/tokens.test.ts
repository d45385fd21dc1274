import { describe, expect, it } from 'vitest';
import { TokenReader } from './tokens.ts';

const image = (letter: string) => letter.repeat(64);
const pad = 151655;

function captured(chunks: unknown[], settings: Parameters<TokenReader['capture']>[0] = {}, images: string[] = []) {
  const reader = new TokenReader();
  for (const chunk of chunks) reader.read(chunk);
  return { ...reader.capture(settings, images), weightVersion: reader.weightVersion };
}

const start = { prompt_token_ids: [1, 2, 3], choices: [{ delta: {} }] };
const next = (ids: unknown[], logprobs: unknown[]) => ({
  choices: [{ token_ids: ids, logprobs: { content: logprobs.map((logprob) => ({ logprob })) } }],
});

describe('the tokens of a reply', () => {
  it('are joined from the chunks of a stream, with the mode that is configured', () => {
    const chunks = [start, next([7, 8], [-0.5, 0]), { choices: [] }, next([9], [-2])];
    expect(captured(chunks, { logprobsMode: 'processed_logprobs' })).toMatchObject({
      level: 'token_exact',
      tokens: {
        promptTokenIds: [1, 2, 3],
        completionTokenIds: [7, 8, 9],
        logprobs: [-0.5, 0, -2],
        logprobsMode: 'processed_logprobs',
        imagePlaceholders: null,
      },
    });
  });

  it('are read from a whole reply, with the version of the weights', () => {
    const choice = { prompt_token_ids: [1], ...next([7], [-1]).choices[0]!, meta_info: { weight_version: 'step-3' } };
    expect(captured([{ choices: [choice] }])).toMatchObject({
      level: 'token_exact',
      tokens: { promptTokenIds: [1], completionTokenIds: [7], logprobsMode: null },
      weightVersion: 'step-3',
    });
    expect(captured([{ metadata: { weight_version: 'step-4' }, choices: [choice] }]).weightVersion).toBe('step-4');
  });

  it('show where each image of the prompt stands', () => {
    const prompt = { prompt_token_ids: [1, pad, pad, 2, pad, 3], choices: [] };
    expect(captured([prompt, next([7], [-1])], { imageTokenId: pad }, [image('a'), image('b')])).toMatchObject({
      tokens: {
        imagePlaceholders: [
          { offset: 1, length: 2, image: image('a') },
          { offset: 4, length: 1, image: image('b') },
        ],
      },
    });
  });

  it.each([
    ['there are not as many runs as images', { imageTokenId: pad }, [image('a'), image('b')]],
    ['the image token is not configured', {}, [image('a')]],
  ])('leave the images open where %s', (_, settings, images) => {
    const prompt = { prompt_token_ids: [1, pad, pad, 3], choices: [] };
    expect(captured([prompt, next([7], [-1])], settings, images)).toMatchObject({
      level: 'token_exact',
      tokens: { imagePlaceholders: null },
    });
  });

  it.each<[string, unknown[], RegExp]>([
    ['the prompt has none', [next([7], [-1])], /no token ids of the prompt/],
    ['the reply has none', [start, { choices: [{ delta: { content: 'x' } }] }], /no token ids of the reply/],
    ['a log-probability is missing', [start, next([7, 8], [-1])], /2 token ids and 1 log-probabilities/],
    ['a log-probability is not known', [start, next([7], [-9999])], /did not know/],
    ['a log-probability is over 0', [start, next([7], [0.1])], /cannot be right/],
    ['a log-probability is no number', [start, next([7], [null])], /cannot be right/],
    ['an id is no number', [start, next(['7'], [-1])], /cannot be right/],
    ['the chunks are nonsense', [null, 'x', { choices: 'x' }, { choices: [null] }], /no token ids/],
  ])('are not claimed where %s', (_, chunks, reason) => {
    expect(captured(chunks)).toMatchObject({ level: 'text_only', reason: expect.stringMatching(reason) as string });
  });
});
