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

it('aborts a reply that is too long to be used', async () => {
  const delta = 'x'.repeat(maxReplyLength / 2);
  const parts = [1, 2, 3].map((): LanguageModelV4StreamPart => ({ type: 'text-delta', id: '1', delta }));
  const outcome = await attempt(streaming(parts), { prompt: [] }, new AbortController().signal, context);
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'bad_response', retry: 'never' } });
});
