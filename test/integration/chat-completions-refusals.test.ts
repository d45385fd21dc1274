import { fence, jobPageSchema } from '@pentimento/contracts';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Api } from '../support/api.ts';
import { ask, bestCode, dataUrl, startChatApi } from '../support/chat-completions.ts';

let api: Api;
let client: OpenAI;
beforeAll(async () => {
  api = await startChatApi();
  client = new OpenAI({ baseURL: api.at('/v1'), apiKey: 'any key' });
});
afterAll(() => api?.stop());

const model = 'scripted/draws';
const best = fence(bestCode, 'svg');

describe('a request that cannot become a job', () => {
  const refused = async (body: object) => {
    const before = await jobCount();
    const error = await client.chat.completions
      .create({ model, messages: ask(api.image), ...body } as OpenAI.ChatCompletionCreateParamsNonStreaming)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(await jobCount()).toBe(before);
    return error as InstanceType<typeof OpenAI.APIError>;
  };
  const jobCount = async () => {
    const { counts } = jobPageSchema.parse(await api.getJson('/v1/jobs'));
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  const withImage = (url: string) => ({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url } },
          { type: 'text', text: 'SVG' },
        ],
      },
    ],
  });
  const garbage = dataUrl(Buffer.from('not an image'));

  it.each([
    [
      'no image',
      { messages: [{ role: 'user', content: 'Draw a red square as SVG.' }] },
      400,
      'invalid_request',
      'messages',
      /no image to reproduce/,
    ],
    [
      'an address',
      withImage('https://example.com/a.png'),
      400,
      'invalid_request',
      'messages[0].content[0]',
      /fetches nothing .* data URL/,
    ],
    ['no data URL', withImage('iVBORw0KGgo='), 400, 'invalid_request', 'messages[0].content[0]', /no data URL/],
    ['no image in the data', withImage(garbage), 415, 'unsupported_image', null, /send a PNG, JPEG or WebP/],
    ['an unknown provider', { model: 'nobody/knows' }, 404, 'model_not_found', 'model', /GET \/v1\/models/],
    ['a name that is none', { model: 'gpt-4o' }, 404, 'model_not_found', 'model', /write provider\/model/],
    ['a model that is not ready', { model: 'openai/gpt-4o' }, 422, 'model_not_ready', 'model', /OPENAI_API_KEY/],
    [
      'an unknown language',
      { model: 'pentimento/cobol:scripted/draws' },
      422,
      'language_unknown',
      'pentimento.language',
      /name one of/,
    ],
    [
      'a profile that there is not',
      { pentimento: { policy: { profile: 'beauty' } } },
      400,
      'invalid_request',
      'pentimento.policy.profile',
      /choose one of/,
    ],
    ['an unknown option', { pentimento: { treshold: 1 } }, 400, 'invalid_request', 'pentimento.treshold', /unknown/],
    ['several answers', { n: 2 }, 400, 'invalid_request', 'n', /leave out n/],
    [
      'an answer in JSON',
      { response_format: { type: 'json_object' } },
      400,
      'invalid_request',
      'response_format.type',
      /leave out/,
    ],
    ['a tool call', { tool_choice: 'required' }, 400, 'invalid_request', 'tool_choice', /calls no tools/],
    ['log-probabilities', { logprobs: true }, 400, 'invalid_request', 'logprobs', /leave out logprobs/],
    ['too small a limit', { max_tokens: 5 }, 400, 'invalid_request', 'max_tokens', /256/],
    ['no message', { messages: [] }, 400, 'invalid_request', 'messages', /Send a message/],
  ])('is refused for %s', async (_what, body, status, code, param, message) => {
    const error = await refused(body);
    expect({ status: error.status, code: error.code, param: error.param }).toEqual({ status, code, param });
    expect(error.message).toMatch(message);
  });

  it.each([
    [
      {
        tools: [{ type: 'function', function: { name: 'look', parameters: {} } }],
        tool_choice: 'auto',
        top_p: 0.9,
        stop: ['\n'],
      },
    ],
    [
      {
        n: 1,
        stop: null,
        response_format: { type: 'text' },
        user: 'me',
        metadata: { a: 'b' },
        chat_template_kwargs: {},
      },
    ],
  ])('is none for what does not matter to it: %o', async (body) => {
    const completion = await client.chat.completions.create({ model, messages: ask(api.image), ...body } as never);
    expect((completion as OpenAI.ChatCompletion).choices[0]!.message.content).toBe(best);
  });

  it('is refused where it is too large or too deep, in the same form', async () => {
    const large = await refused(withImage(`data:image/png;base64,${'A'.repeat(30e6)}`));
    expect([large.status, large.code]).toEqual([413, 'image_too_large']);
    const larger = await refused(withImage(`data:image/png;base64,${'A'.repeat(34e6)}`));
    expect([larger.status, larger.code]).toEqual([413, 'request_too_large']);
    const deep = await fetch(api.at('/v1/chat/completions'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"messages":${'['.repeat(100)}`,
    });
    expect(deep.status).toBe(400);
    expect(await deep.json()).toMatchObject({
      code: 'invalid-request',
      error: { type: 'invalid_request_error', code: 'invalid_request', message: expect.stringContaining('levels') },
    });
  });

  it('is refused from a foreign page, with any key', async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer key', origin: 'https://evil.example' };
    const response = await api.sendJson('/v1/chat/completions', { model, messages: ask(api.image) }, headers);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { type: 'permission_error', code: 'forbidden' } });
  });
});
