import { chatRequestSchema } from '../protocols/chat-completion.ts';
import { describe, expect, it } from 'vitest';
import type { ProblemException } from '../http/problem.exception.ts';
import { codeOf, readConversation } from './conversation.ts';

const image = (data: string) => ({
  type: 'image_url',
  image_url: { url: `data:image/png;base64,${Buffer.from(data).toString('base64')}` },
});
const text = (content: string) => ({ type: 'text', text: content });
const user = (...content: object[]) => ({ role: 'user', content });
const reply = (content: string) => ({ role: 'assistant', content });

function read(messages: object[], choice?: number) {
  const request = chatRequestSchema.parse({ model: 'a/b', messages });
  const { image: bytes, ...rest } = readConversation(request.messages, choice);
  return { image: bytes.toString(), ...rest };
}

function refusal(messages: object[], choice?: number) {
  try {
    read(messages, choice);
    return undefined;
  } catch (error) {
    const { errors, message } = error as ProblemException;
    return [errors![0]!.pointer, message];
  }
}

describe('readConversation', () => {
  it('joins what the system and the user say', () => {
    const messages = [
      { role: 'system', content: 'Be exact. ' },
      { role: 'developer', content: [text('No text.')] },
      user(text('Draw'), image('A'), text('this.')),
    ];
    expect(read(messages)).toEqual({
      image: 'A',
      instructions: 'Be exact.\n\nNo text.\n\nDraw\nthis.',
      newest: 'Draw\nthis.',
      reply: '',
    });
  });

  it('takes the newest image, and the reply about it', () => {
    const messages = [
      user(image('A')),
      reply('```svg\nA\n```'),
      user(image('B'), text('Now this.')),
      reply('```svg\nB\n```'),
      user(text('Better.')),
      reply('I cannot.'),
      { role: 'user', content: 'Try.' },
    ];
    expect(read(messages)).toMatchObject({ image: 'B', reply: '```svg\nB\n```', newest: 'Try.' });
  });

  it('takes no code that was written about an earlier image, such as an example', () => {
    expect(read([user(image('A')), reply('```svg\nA\n```'), user(image('B'))])).toMatchObject({
      image: 'B',
      reply: '',
    });
  });

  it('takes an address that is no object, a message that is null, and the same image twice', () => {
    const { url } = image('A').image_url;
    const messages = [
      { role: 'assistant', content: null, tool_calls: [] },
      user({ type: 'image_url', image_url: url }, image('A')),
    ];
    expect(read(messages).image).toBe('A');
  });

  it('takes the named image of several', () => {
    const messages = [user(image('A'), text('and'), image('B'))];
    expect([read(messages, 1).image, read(messages, 2).image]).toEqual(['A', 'B']);
    expect(refusal(messages)).toEqual([
      '/messages/0',
      expect.stringMatching(/has 2 images: send the target alone, or/),
    ]);
    expect(refusal(messages, 3)).toEqual(['/pentimento/image', expect.stringContaining('has 2: name one of them')]);
  });

  it.each([
    [[{ role: 'user', content: 'Draw.' }], '/messages', /no image/],
    [[user(image('A')), reply('Done.')], '/messages/1', /last message must be of the user/],
    [[user({ type: 'input_audio', input_audio: {} })], '/messages/0/content/0', /type "input_audio" cannot be read/],
    [[user({ type: 'image_url' })], '/messages/0/content/0', /send text, and the image as/],
    [[user({ type: 'image_url', image_url: { url: 'http://a/b.png' } })], '/messages/0/content/0', /fetches nothing/],
    [
      [user({ type: 'image_url', image_url: { url: 'data:image/png,A' } })],
      '/messages/0/content/0',
      /no data URL in base64/,
    ],
    [[user({ type: 'image_url', image_url: { url: 'file:///etc/passwd' } })], '/messages/0/content/0', /no data URL/],
  ])('refuses what it cannot take: %#', (messages, pointer, message) => {
    expect(refusal(messages)).toEqual([pointer, expect.stringMatching(message)]);
  });
});

it('finds the last block of code of the language', () => {
  const blocks = '```svg\n<svg/>\n```\n```json\n{}\n```\n```xml\n<svg id="b"/>\n```\n```svg\n\n```';
  expect(codeOf(blocks, ['svg', 'xml'])).toBe('<svg id="b"/>');
  expect(codeOf(blocks, ['html'])).toBeUndefined();
});
