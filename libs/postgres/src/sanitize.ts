/**
 * The value with each string in it as PostgreSQL can store it: it refuses the NUL character in text, and lone surrogates
 * in jsonb. Replies and logs of models and renderers contain both.
 */
export function sanitizeForPostgres<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(sanitizeForPostgres) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [sanitizeForPostgres(key), sanitizeForPostgres(part)]),
  ) as T;
}
