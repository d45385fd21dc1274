import type { Prompt, ReplyProgress } from '@pentimento/contracts';
import { createModels } from '@pentimento/models';
import { languages } from '@pentimento/render/languages';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startOpenAiServer, type OpenAiServer, type ServerReply } from '../support/openai-server.ts';

const prompt: Prompt = {
  instructions: 'Draw.',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'A square.' }] }],
};
const whole = { kind: 'reply', text: '```svg\n<svg width="10" height="10"/>\n```' } as const;

let server: OpenAiServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('the progress of a reply', () => {
  const parts = [{ text: '```svg\n' }, { text: '<svg/>', tokens: 11 }, { text: '\n```' }];

  async function progressOf(answers: ServerReply[], options: { stopAt?: number } = {}) {
    server = await startOpenAiServer(answers);
    const times = [1000, 1200, 1700, 3000].values();
    let now = 0;
    const models = createModels({
      languages,
      environment: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl },
      blobs: { get: () => Promise.reject(new Error('The prompt has no image.')) },
      sleep: () => Promise.resolve(),
      clock: { now: () => now },
    });
    const seen: ReplyProgress[] = [];
    const cancel = new AbortController();
    const outcome = models.generate(
      { model: 'openai-compatible/x', prompt, sampling: { temperature: null, seed: null, maxOutputTokens: null } },
      {
        signal: cancel.signal,
        onProgress: (progress) => {
          seen.push(progress);
          now = times.next().value ?? now;
          if (seen.length === options.stopAt) cancel.abort(new Error('canceled by the user'));
        },
      },
    );
    return { outcome, seen, server };
  }

  it('grows with each part, and estimates the tokens that the server has not counted', async () => {
    let gate = Promise.withResolvers<void>();
    const reply: ServerReply = {
      kind: 'parts',
      parts,
      proceed: async (index) => {
        if (index > 0) await gate.promise;
        gate = Promise.withResolvers();
      },
    };
    const { outcome, seen } = await progressOf([reply]);
    for (const length of [1, 2]) {
      await vi.waitUntil(() => seen.length === length);
      gate.resolve();
    }
    expect(await outcome).toMatchObject({ ok: true, reply: { text: '```svg\n<svg/>\n```', attempts: 1 } });
    expect(
      seen.map(({ text, outputTokens, tokensEstimated, ms }) => [text, outputTokens, tokensEstimated, ms]),
    ).toEqual([
      ['```svg\n', 2, true, 0],
      ['```svg\n<svg/>', 11, false, 1000],
      ['```svg\n<svg/>\n```', 12, true, 1200],
    ]);
  });

  it('starts from scratch where the call is tried again', async () => {
    const overloaded: ServerReply = { kind: 'stream-error', text: 'half', error: { type: 'overloaded_error' } };
    const { outcome, seen } = await progressOf([overloaded, whole]);
    expect(await outcome).toMatchObject({ ok: true, reply: { text: whole.text, attempts: 2 } });
    expect(seen[0]).toMatchObject({ attempt: 1, text: 'half' });
    const second = seen.filter(({ attempt }) => attempt === 2);
    expect([second[0]!.text, second.at(-1)!.text]).toEqual([whole.text.slice(0, 16), whole.text]);
  });

  it('tells what the model thinks apart', async () => {
    const { outcome, seen } = await progressOf([{ ...whole, reasoning: 'A square.' }]);
    await outcome;
    expect(seen[0]).toMatchObject({ reasoning: 'A square.', text: '' });
    expect(seen.at(-1)).toMatchObject({ reasoning: 'A square.', text: whole.text });
  });

  it('ends with a cancel, which closes the connection at once', async () => {
    const { outcome, seen, server } = await progressOf([{ kind: 'hang', after: 'half' }], { stopAt: 1 });
    await expect(outcome).rejects.toThrow('canceled by the user');
    await server.requests[0]!.abandoned;
    expect(seen).toHaveLength(1);
  });
});
