import { createHash } from 'node:crypto';
import type { Prompt } from '@pentimento/contracts';
import { describe, expect, it } from 'vitest';
import { modelPromptDigest, promptDigest, toModelPrompt } from './prompt.ts';

const image = Uint8Array.of(1, 2, 3);
const id = createHash('sha256').update(image).digest('hex');
const get = () => Promise.resolve(image);

const prompt: Prompt = {
  instructions: 'Draw.',
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'The target:' },
        { type: 'image', image: id, mediaType: 'image/png', width: 1, height: 3 },
      ],
    },
    { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
  ],
};

describe('toModelPrompt', () => {
  it('puts the instructions first and the bytes in place of the blob ids', async () => {
    expect(await toModelPrompt(prompt, get)).toEqual([
      { role: 'system', content: 'Draw.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'The target:' },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: image } },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'Done.' }] },
    ]);
  });

  it('sends no empty system message', async () => {
    const [first] = await toModelPrompt({ ...prompt, instructions: '' }, get);
    expect(first?.role).toBe('user');
  });
});

describe('promptDigest', () => {
  it('is the same of the stored prompt and of the one that the model sees', async () => {
    expect(modelPromptDigest(await toModelPrompt(prompt, get))).toBe(promptDigest(prompt));
    const bare = { ...prompt, instructions: '' };
    expect(modelPromptDigest(await toModelPrompt(bare, get))).toBe(promptDigest(bare));
  });

  it('distinguishes prompts by their text, their images and their order', () => {
    const [user, assistant] = prompt.messages;
    const others: Prompt[] = [
      { ...prompt, instructions: 'Draw!' },
      { ...prompt, messages: [assistant!, user!] },
      { ...prompt, messages: [{ ...user!, content: [user!.content[0]!] }, assistant!] },
    ];
    expect(new Set([prompt, ...others].map(promptDigest)).size).toBe(4);
  });
});
