import { checkJsonBounds } from '../http/json-bounds.ts';
import { fieldProblem } from '../http/problem.exception.ts';

export interface FormFile {
  originalname: string;
  buffer: Buffer;
}
export type FormFiles = Partial<Record<'target' | 'request' | 'code', FormFile[]>>;

const nested = ['policy', 'budget'] as const;
const numeric = ['deviceScale'];

function parseJson(field: string, text: string): Record<string, unknown> {
  checkJsonBounds(text);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Text that is no JSON and JSON that is no object are the same problem, thrown below.
  }
  throw fieldProblem('invalid-request', `/${field}`, `The form field "${field}" must be a JSON object.`);
}

/** A number where the text is one; of a map of texts, each. */
function numberOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, numberOf(entry)]));
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** `policy.threshold=0.9`, `policy.minimums.worstTile=0.9`, or `policy[threshold]=0.9`, which the form parser has already nested. */
function addField(into: Record<string, unknown>, name: string, value: unknown): void {
  const [group, key, part, ...rest] = name.split('.');
  if (nested.includes(group as (typeof nested)[number]) && key !== undefined && rest.length === 0) {
    const fields = into[group!] as Record<string, unknown> | undefined;
    const entry = part === undefined ? value : { ...(fields?.[key] as object | undefined), [part]: value };
    into[group!] = { ...fields, [key]: numberOf(entry) };
  } else if (nested.includes(name as (typeof nested)[number])) {
    const fields = typeof value === 'string' ? parseJson(name, value) : { ...(value as object) };
    const entries = Object.entries(fields).map(([field, entry]) => [field, numberOf(entry)]);
    into[name] = { ...(into[name] as object | undefined), ...Object.fromEntries(entries) };
  } else {
    into[name] = numeric.includes(name) ? numberOf(value) : value;
  }
}

/**
 * The request of a form: the JSON part `request`, if any, overridden by single fields. `request` and `code` may be text
 * parts or files; the file `target` is not part of the request.
 */
export function multipartRequest(fields: Record<string, unknown>, files: FormFiles): Record<string, unknown> {
  const { request: text, ...single } = fields;
  const json = files.request?.[0]?.buffer.toString('utf8') ?? text;
  const request = json === undefined ? {} : parseJson('request', String(json));
  for (const [name, value] of Object.entries(single)) addField(request, name, value);
  const code = files.code?.[0]?.buffer.toString('utf8');
  return code === undefined ? request : { ...request, code };
}
