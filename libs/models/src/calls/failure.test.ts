import { APICallError, JSONParseError } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { BrokenStreamError, failureOf, StreamedError, type FailureContext } from './failure.ts';

const context: FailureContext = {
  model: 'openai/gpt',
  server: { label: 'api.openai.com', keyVariable: 'OPENAI_API_KEY', urlVariable: 'OPENAI_BASE_URL', hasKey: true },
  secrets: ['very-secret-value'],
  texts: ['The whole prompt, which nobody else should read.'],
  timeoutMs: 1000,
  now: 0,
};

function httpError(statusCode: number | undefined, rest: Partial<ConstructorParameters<typeof APICallError>[0]> = {}) {
  const body = { messages: 'The whole prompt, which nobody else should read.' };
  return new APICallError({ message: 'It failed.', url: 'x', requestBodyValues: body, statusCode, ...rest });
}

function failedConnection(code: string) {
  const cause = Object.assign(new Error('refused'), { code });
  return httpError(undefined, { cause });
}

describe('failureOf', () => {
  it.each<[string, unknown, string, boolean]>([
    ['HTTP 400', httpError(400), 'bad_request', false],
    ['HTTP 401', httpError(401), 'unauthorized', false],
    ['HTTP 403', httpError(403), 'unauthorized', false],
    ['HTTP 404', httpError(404), 'bad_request', false],
    ['HTTP 408', httpError(408), 'timeout', true],
    ['HTTP 413', httpError(413), 'bad_request', false],
    ['HTTP 422', httpError(422), 'bad_request', false],
    ['HTTP 429', httpError(429), 'rate_limited', true],
    ['HTTP 500', httpError(500), 'overloaded', true],
    ['HTTP 529', httpError(529), 'overloaded', true],
    ['a redirect', httpError(302), 'bad_response', false],
    ['a body that broke off', httpError(200), 'cut_off', false],
    ['a refused connection', failedConnection('ECONNREFUSED'), 'unreachable', true],
    ['an unknown host', failedConnection('ENOTFOUND'), 'unreachable', true],
    ['a certificate that is not trusted', failedConnection('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unreachable', false],
    ['a broken stream', new BrokenStreamError(true, null), 'cut_off', false],
    ['a stream that never began', new BrokenStreamError(false, 'text/event-stream'), 'bad_response', false],
    ['unreadable JSON', new StreamedError(new JSONParseError({ text: '{', cause: null })), 'bad_response', false],
    [
      "Anthropic's overload",
      new StreamedError({ type: 'overloaded_error', message: 'Overloaded' }),
      'overloaded',
      true,
    ],
    ["Google's rate limit", new StreamedError({ code: 429, message: 'Slow down' }), 'rate_limited', true],
    ["OpenAI's rate limit", new StreamedError({ type: 'rate_limit_exceeded', message: 'Slow' }), 'rate_limited', true],
    ['a wordless stream error', new StreamedError('boom'), 'overloaded', true],
    ['anything else', new TypeError('x is not a function'), 'bad_response', false],
    ['not even an error', undefined, 'bad_response', false],
  ])('reads %s', (_, error, kind, again) => {
    const failure = failureOf(error, context);
    expect(failure.kind).toBe(kind);
    expect(failure.retry !== 'never').toBe(again);
    expect(failure.message).toMatch(/^[^\n]+\.$/);
  });

  it.each<[string, unknown]>([
    ['the message of a 400', httpError(400, { message: 'Bad key very-secret-value' })],
    ['the message of a 404', httpError(404, { message: 'very-secret-value: The whole prompt, which nobody else' })],
    ['a stream error', new StreamedError({ code: 400, message: 'very-secret-value' })],
    ['an unknown error', new Error('fetch with very-secret-value for The whole prompt, which nobody else')],
  ])('shows neither keys nor the prompt from %s', (_, error) => {
    expect(failureOf(error, context).message).not.toMatch(/very-secret|whole prompt/);
  });

  it('takes over what helps', () => {
    expect(failureOf(httpError(404, { message: 'The model `gpt` does not exist' }), context).message).toBe(
      'api.openai.com knows no openai/gpt at this address (HTTP 404): "The model `gpt` does not exist"; check the model\'s name and OPENAI_BASE_URL.',
    );
  });

  it('distinguishes a missing key from a wrong one', () => {
    const bare = { ...context, server: { ...context.server, hasKey: false } };
    expect(failureOf(httpError(401), context).message).toContain('correct OPENAI_API_KEY');
    expect(failureOf(httpError(401), bare).message).toContain('set OPENAI_API_KEY');
  });

  it('does not come back to an account without quota', () => {
    const responseBody = '{"error": {"code": "insufficient_quota"}}';
    expect(failureOf(httpError(429, { responseBody }), context)).toMatchObject({
      kind: 'rate_limited',
      retry: 'never',
    });
  });

  it('carries the wait that the server asks for', () => {
    const error = httpError(503, { responseHeaders: { 'retry-after': '12' } });
    expect(failureOf(error, context).retry).toEqual({ afterMs: 12_000 });
  });
});
