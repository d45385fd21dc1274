import { problemMediaType, problemSchema, type Problem } from '@pentimento/contracts';
import type { z } from 'zod';

/** A problem of the server in plain words: its sentence, then a line for each field at fault. */
export function describeProblem(problem: Problem): string {
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `  ${optionOf(pointer)}: ${detail}`);
  return [problem.detail, ...fields].join('\n');
}

/** The problem that a reply carries, or one made of its status where the body is something else (a proxy's page). */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  if (response.headers.get('content-type')?.startsWith(problemMediaType)) {
    const parsed = problemSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
  }
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'unexpected-reply',
    detail: `${response.url} answered ${response.status} ${response.statusText}: check that it is a Pentimento server.`,
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const options: Record<string, string> = {
  '/target': 'IMAGE',
  '/language': '--language',
  '/model': '--model',
  '/instructions': '--instructions',
  '/code': '--code',
  '/deviceScale': '--device-scale',
  '/policy/threshold': '--threshold',
  '/policy/profile': '--profile',
  '/policy/maxIterations': '--max-iterations',
  '/policy/candidates': '--candidates',
  '/limit': '--limit',
  '/status': '--status',
  '/cursor': '--cursor',
};

/** The command line's own word for a field, or its JSON pointer where it has none. */
const optionOf = (pointer: string): string => options[pointer] ?? pointer;

export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${optionOf(`/${issue.path.map(String).join('/')}`)}: ${issue.message}`)
    .join('\n');
}
