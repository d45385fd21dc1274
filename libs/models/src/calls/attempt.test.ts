import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { expect, it } from 'vitest';
import { attempt } from './attempt.ts';
import { maxReplyLength, type FailureContext } from './failure.ts';

const context: FailureContext = {
  model: 'openai-compatible/vlm',
  server: { label: 'The server', keyVariable: null, hasKey: false, urlVariable: null },
  secrets: [],
  texts: [],
  timeoutMs: 60_000,
  now: 0,
};

/** A model that streams these parts and never closes its stream. */
function streaming(parts: LanguageModelV4StreamPart[]): LanguageModelV4 {
  const stream = new ReadableStream<LanguageModelV4StreamPart>({
    start: (controller) => parts.forEach((part) => controller.enqueue(part)),
  });
  return { doStream: () => Promise.resolve({ stream }) } as unknown as LanguageModelV4;
}

const delta = 'x'.repeat(maxReplyLength / 2);
const tokens = { choices: [{ token_ids: Array<number>(maxReplyLength / 2).fill(1) }] };

it.each<[string, LanguageModelV4StreamPart]>([
  ['text', { type: 'text-delta', id: '1', delta }],
  ['reasoning', { type: 'reasoning-delta', id: '1', delta }],
  ['token ids', { type: 'raw', rawValue: tokens }],
])('aborts a reply whose %s is too long to be used', async (_, part) => {
  const model = streaming([part, part, part]);
  const outcome = await attempt(model, { prompt: [], stream: true }, new AbortController().signal, context);
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'bad_response', retry: 'never' } });
});
