import type { NemoVerifyRequest } from '../protocols/reward-servers.ts';
import { expect, it } from 'vitest';
import { imageOf, replyOf } from './nemo-text.ts';

const request = (input: unknown, output: unknown[]) =>
  ({ responses_create_params: { input }, response: { output }, verifier_metadata: '' }) as NemoVerifyRequest;
const message = (...content: object[]) => ({ type: 'message', role: 'assistant', content });

it('joins what the model wrote, without its reasoning and its calls', () => {
  const output = [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    message({ type: 'output_text', text: 'Here:' }),
    { type: 'function_call', name: 'look', arguments: '{}' },
    message({ type: 'refusal', refusal: 'no' }, { type: 'output_text', text: '```svg' }),
    null,
  ];
  expect(replyOf(request('', output))).toBe('Here:\n```svg');
  expect(replyOf(request('', []))).toBe('');
});

it('takes the first image that comes as data', () => {
  const image = (image_url: string) => ({ type: 'input_image', image_url, detail: 'auto' });
  const input = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'input_text', text: 'Draw' }, image('data:image/png;base64,QUJD')] },
    { role: 'user', content: [image('data:image/png;base64,REVG')] },
  ];
  expect(imageOf(request(input, []))).toBe('QUJD');
});

it.each([
  ['text', 'Draw it.'],
  ['no image', [{ role: 'user', content: [{ type: 'input_text', text: 'Draw' }] }]],
  ['an address', [{ role: 'user', content: [{ type: 'input_image', image_url: 'http://127.0.0.1/a.png' }] }]],
])('finds none in a prompt of %s', (_what, input) => {
  expect(imageOf(request(input, []))).toBeUndefined();
});
