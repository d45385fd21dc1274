import type { Problem } from '@pentimento/contracts';
import type { z } from 'zod';
import { formatCount } from './format.ts';

/** What is wrong with a request, by JSON pointer into it, e.g. `/policy/threshold`; one sentence each. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

/** The invalid fields of a request before it is sent, by the API's own schema. */
export function errorsOfSchema(schema: z.ZodType, request: unknown): FieldErrors {
  const parsed = schema.safeParse(request);
  if (parsed.success) return {};
  return firstOfEach(parsed.error.issues.map((issue) => [`/${issue.path.join('/')}`, messageOf(issue)]));
}

export function errorsOfProblem(problem: Problem): FieldErrors {
  return firstOfEach((problem.errors ?? []).map(({ pointer, detail }) => [pointer, sentence(detail)]));
}

/** The number that is typed; undefined where nothing is. */
export function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

/** The fields that have a value. */
export function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `This must be a ${issue.expected === 'int' ? 'whole ' : ''}number.`;
  const outside = issue.code === 'too_small' || issue.code === 'too_big';
  if (!outside || (issue.origin !== 'number' && issue.origin !== 'int')) return sentence(issue.message);
  const [bound, limit] =
    issue.code === 'too_small'
      ? [issue.inclusive ? 'at least' : 'more than', issue.minimum]
      : [issue.inclusive ? 'at most' : 'less than', issue.maximum];
  return `This must be ${bound} ${formatCount(Number(limit))}.`;
}

function firstOfEach(entries: [string, string][]): FieldErrors {
  return Object.fromEntries(entries.toReversed());
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
