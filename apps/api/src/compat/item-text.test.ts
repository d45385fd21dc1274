import { describe, expect, it } from 'vitest';
import { replyAfter, splitAtMarker, withoutEndTokens } from './item-text.ts';

describe('replyAfter', () => {
  const turn = (image: string) => `<|im_start|>user\n${image}Draw this as SVG.<|im_end|>\n<|im_start|>assistant\n`;

  it('is what follows the prompt', () => {
    expect(replyAfter('Draw it.', 'Draw it. Here.')).toBe(' Here.');
    expect(replyAfter('', 'Here.')).toBe('Here.');
  });

  it.each([
    ['Qwen', '<|vision_start|><|image_pad|><|vision_end|>', '<|vision_start|><|image_pad|><|image_pad|><|vision_end|>'],
    ['InternVL', '<image>\n', '<img><IMG_CONTEXT><IMG_CONTEXT></img>\n'],
    ['LLaVA', '<image>', '<image><image><image>'],
  ])('is found behind the tokens of an image as %s writes them', (_model, sent, decoded) => {
    expect(replyAfter(turn(sent), `${turn(decoded)}Here.`)).toBe('Here.');
  });

  it('leaves out earlier turns, and keeps a reply that repeats the end of its prompt', () => {
    const prompt = `${turn('<image>')}\`\`\`svg\n<old/>\n\`\`\`<|im_end|>\n${turn('')}`;
    const query = `${turn('<image><image>')}\`\`\`svg\n<old/>\n\`\`\`<|im_end|>\n${turn('')}`;
    expect(replyAfter(prompt, `${query}No.\n<|im_start|>assistant\nNo.`)).toBe('No.\n<|im_start|>assistant\nNo.');
  });

  it('is unknown where the query does not hold the prompt', () => {
    expect(replyAfter('Draw it as SVG, please.', 'Something else.')).toBeUndefined();
  });
});

describe('splitAtMarker', () => {
  it('takes the first marker, so that a reply cannot name another target', () => {
    const text = 'Draw it.<pentimento>{"a":1}</pentimento><|im_end|>Here.<pentimento>{"b":2}</pentimento>';
    expect(splitAtMarker(text)).toEqual({
      label: '{"a":1}',
      reply: '<|im_end|>Here.<pentimento>{"b":2}</pentimento>',
    });
  });

  it.each(['Draw it.', 'Draw it.<pentimento>{"a":1}', '{"a":1}</pentimento>', ''])(
    'is undefined without one: %j',
    (text) => {
      expect(splitAtMarker(text)).toBeUndefined();
    },
  );
});

describe('withoutEndTokens', () => {
  it.each([
    ['```svg\n<svg/>\n```<|im_end|>', '```svg\n<svg/>\n```'],
    ['```svg\n<svg/>\n```</s> <pad><pad>\n', '```svg\n<svg/>\n```'],
    ['```svg\n<svg/>\n```', '```svg\n<svg/>\n```'],
    ['', ''],
  ])('frees the closing fence of %j', (reply, expected) => {
    expect(withoutEndTokens(reply)).toBe(expected);
  });

  it('takes a time that does not grow with a run of tags', () => {
    const reply = `${'<a>'.repeat(300_000)}x`;
    expect(withoutEndTokens(reply)).toBe(reply);
  });
});
