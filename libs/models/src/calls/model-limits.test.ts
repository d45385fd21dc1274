import { expect, it } from 'vitest';
import type { Prompt } from '@pentimento/contracts';
import { contextIn, imagesIn, lowered, readBounds } from './model-limits.ts';

it.each<[string, number, number | undefined]>([
  ['At most 1 image(s) may be provided in one request.', 4, 1],
  ['You set image=5 (or defaulted to 5) in `--limit-mm-per-prompt`, but passed 6 image items: at most 5 images.', 6, 5],
  ['Too many images: the maximum is 16.', 20, 16],
  ['This model only supports a single image.', 3, 1],
  ['Multiple images are not supported', 2, 1],
  ['Multiple images are not supported', 1, undefined],
  ['At most 0 image(s) may be provided in one request.', 1, undefined],
  ['The image exceeds the maximum size of 4 MB.', 9, undefined],
  ['image 3: width must be at most 2 pixels', 9, undefined],
  ['Image input is not enabled', 4, undefined],
  ['The maximum is 2 tools.', 4, undefined],
])('reads %o about %i images', (message, images, limit) => {
  expect(imagesIn(message, images)).toBe(limit);
});

const image = { type: 'image', image: 'a'.repeat(64), mediaType: 'image/png', width: 750, height: 100 } as const;

function promptWith(images: number, characters = 0): Prompt {
  const text = { type: 'text', text: 'x'.repeat(characters) } as const;
  return {
    instructions: '',
    messages: [{ role: 'user', content: [text, ...Array<typeof image>(images).fill(image)] }],
  };
}

const unknown = { images: Infinity, contextTokens: Infinity };

it('keeps the lower number of images', () => {
  const set = { images: 4, contextTokens: Infinity };
  expect(lowered(set, 'At most 9 images', promptWith(12))).toEqual(set);
  expect(lowered(set, 'At most 2 images', promptWith(4))).toEqual({ ...set, images: 2 });
});

it.each([
  ["This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.", 8192],
  ['The decoder prompt (length 15000) is longer than the maximum model length of 8192.', 8192],
  ["The input (15000 tokens) is longer than the model's context length (8192 tokens).", 8192],
  ['request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it', 4096],
  ['prompt is too long: 215000 tokens > 200000 maximum', 200_000],
  ['The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_048_576],
])('learns the context from %o', (message, tokens) => {
  expect(lowered(unknown, message, promptWith(1)).contextTokens).toBe(tokens);
});

it('goes below the prompt that was refused, where the server names no bound or one that was kept', () => {
  const first = lowered(unknown, 'The context window is exceeded.', promptWith(0, 3000));
  expect(first.contextTokens).toBe(750);
  const second = lowered(first, 'The context length is 900 tokens.', promptWith(0, 2100));
  expect(second.contextTokens).toBe(525);
  expect(lowered(second, 'The server is out of memory.', promptWith(0, 300))).toEqual(second);
});

it('reads no context where none is named', () => {
  expect(contextIn('The maximum is 2 tools.')).toBeUndefined();
});

it('says what is wrong with a setting', () => {
  const read = (value: string) => readBounds('PENTIMENTO_MODEL_CONTEXT', value);
  expect(read('{"a/b": 8192}')).toEqual({ bounds: { 'a/b': 8192 }, problem: null });
  expect(read('{"a/b": 0}').problem).toContain('PENTIMENTO_MODEL_CONTEXT is not of the form');
});
