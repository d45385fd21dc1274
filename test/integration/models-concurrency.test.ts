import type { Prompt } from '@pentimento/contracts';
import { createModels } from '@pentimento/models';
import { languages } from '@pentimento/render/languages';
import { expect, it, onTestFinished } from 'vitest';
import { startOpenAiServer } from '../support/openai-server.ts';

const prompt: Prompt = {
  instructions: '',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Draw a square.' }] }],
};
const sampling = { temperature: null, seed: null, maxOutputTokens: null };

it('makes at most so many calls to one provider at a time, and gives up a waiting one that is aborted', async () => {
  const release = Promise.withResolvers<void>();
  const server = await startOpenAiServer(async () => {
    await release.promise;
    return { kind: 'reply', text: '```svg\n<svg/>\n```' };
  });
  onTestFinished(() => server.close());
  const models = createModels({
    ...{ languages, blobs: { get: () => Promise.reject(new Error('The prompt has no images.')) } },
    environment: { OPENAI_COMPATIBLE_BASE_URL: server.baseUrl, PENTIMENTO_MODEL_CONCURRENCY: '2' },
  });
  const request = { model: 'openai-compatible/vlm', prompt, sampling };
  const [abort, noAbort] = [new AbortController(), new AbortController()];
  const calls = [noAbort, noAbort, abort, noAbort].map(({ signal }) => models.generate(request, { signal }));
  await server.received(1);
  abort.abort(new Error('Not wanted any more.'));
  await expect(calls[2]).rejects.toThrow('Not wanted any more.');
  expect(server.requests).toHaveLength(2);
  release.resolve();
  expect(await Promise.all([calls[0], calls[1], calls[3]])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(server.requests).toHaveLength(3);
});

it('says what is wrong with the number', () => {
  const blobs = { get: () => Promise.reject(new Error('There are none.')) };
  const models = createModels({ languages, blobs, environment: { PENTIMENTO_MODEL_CONCURRENCY: 'many' } });
  expect(models.configurationProblems()).toEqual([
    'PENTIMENTO_MODEL_CONCURRENCY is not a whole number from 1 to 1000: correct it, or unset it for 16.',
  ]);
});
