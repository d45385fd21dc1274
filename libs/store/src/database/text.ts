/**
 * The value with each string in it made storable: PostgreSQL refuses the NUL character in text, and lone surrogates in
 * jsonb; both come in replies and logs of models and renderers.
 */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed() as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [storable(key), storable(part)])) as T;
}
