import { expect, it } from 'vitest';
import { forCallersOf } from './openai-error.ts';
import { fieldProblem, ProblemException, problemOf } from './problem.exception.ts';

const at = (url: string, problem: ProblemException) =>
  forCallersOf(url, problemOf(problem, { instance: url, requestId: undefined }));
const busy = new ProblemException('busy', 'Later.');

it("adds the form of OpenAI's errors on the routes of its clients only", () => {
  const error = { message: 'Later.', type: 'rate_limit_error', param: null, code: 'busy' };
  for (const url of ['/v1/chat/completions', '/v1/chat/completions/?a=b', '/V1/models'])
    expect(at(url, busy)).toMatchObject({ status: 429, code: 'busy', detail: 'Later.', error });
  for (const url of ['/v1/jobs', '/v1/chat', '/v1/models/x', '/docs?/v1/models'])
    expect(at(url, busy).error).toBeUndefined();
});

it.each([
  ['/messages/2/content/0', 'messages[2].content[0]'],
  ['/policy/profile', 'pentimento.policy.profile'],
  ['/target', 'messages'],
  ['', null],
])('names the field %s as %s', (pointer, param) => {
  expect(at('/v1/chat/completions', fieldProblem('invalid-request', pointer, 'No.')).error?.param).toBe(param);
});

it('gives an unknown model the status that clients know it by', () => {
  expect(at('/v1/chat/completions', fieldProblem('model-unknown', '/model', 'No.'))).toMatchObject({
    status: 404,
    error: { type: 'invalid_request_error', code: 'model_not_found', param: 'model' },
  });
});

it.each([
  ['forbidden', 'permission_error'],
  ['unavailable', 'server_error'],
  ['job-failed', 'invalid_request_error'],
] as const)('is of the type that goes with the status: %s', (code, type) => {
  expect(at('/v1/chat/completions', new ProblemException(code, 'No.')).error?.type).toBe(type);
});
