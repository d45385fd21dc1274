import type { Problem } from '@pentimento/contracts';

/** The routes that clients of OpenAI's API call. */
const openAiRoute = /^\/v1\/(chat\/completions|models)\/?(\?|$)/i;

/**
 * The problem, with the member `error` as those clients read it (OpenAI's API reference, "Error codes") where the route is one of theirs.
 * Extension members are part of RFC 9457, so that each reader finds its own form.
 */
export function forCallersOf(url: string, problem: Problem): Problem {
  if (!openAiRoute.test(url)) return problem;
  const status = problem.code === 'model-unknown' ? 404 : problem.status;
  return { ...problem, status, error: openAiErrorOf(problem) };
}

export function openAiErrorOf({ code, status, detail, errors }: Problem): NonNullable<Problem['error']> {
  const pointer = errors?.[0]?.pointer;
  return {
    message: detail,
    type: typeOf(status),
    param: pointer ? paramOf(pointer) : null,
    code: code === 'model-unknown' ? 'model_not_found' : code.replaceAll('-', '_'),
  };
}

function typeOf(status: number): string {
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** Where a chat completion has the fields of a job. */
const fieldsOfJobs: Record<string, string> = {
  target: 'messages',
  code: 'messages',
  instructions: 'messages',
  language: 'pentimento.language',
  policy: 'pentimento.policy',
  budget: 'pentimento.budget',
};

/** A JSON pointer as OpenAI writes it: `messages[0].content`. */
function paramOf(pointer: string): string {
  const [field = '', ...rest] = pointer.slice(1).split('/');
  const path = rest.map((name) => (/^\d+$/.test(name) ? `[${name}]` : `.${name}`)).join('');
  return (fieldsOfJobs[field] ?? field) + path;
}
