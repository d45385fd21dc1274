export interface CallOptions {
  signal?: AbortSignal;
}

/** A part of a path. */
export const part = encodeURIComponent;

/** Without the fields that are not given. */
export const searchOf = (query: Record<string, string | number | boolean | undefined>): string => {
  const defined = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(defined.map(([name, value]) => [name, String(value)]));
  return search.size > 0 ? `?${search}` : '';
};

export const postJson = (body: unknown, options: CallOptions): RequestInit => sendJson('POST', body, options);

export const sendJson = (method: string, body: unknown, { signal }: CallOptions): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  signal,
});
