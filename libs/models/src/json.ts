/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value if it is an object, and an empty one otherwise: a server may send anything. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A field that holds a text; null where it is missing, empty or something else. */
export function textIn(value: unknown, field: string): string | null {
  const text = asRecord(value)[field];
  return typeof text === 'string' && text !== '' ? text : null;
}
