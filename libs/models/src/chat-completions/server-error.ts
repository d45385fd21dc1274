import { asRecord, parseJson, textIn } from '../json.ts';

/** An error as a server reports it, whatever its shape. */
export interface ServerError {
  /** The server's own words. */
  message: string;
  type: string | null;
  code: string | number | null;
}

/** Most of a text that counts as an error message, characters. */
const maxMessageLength = 4096;

/**
 * The error that a JSON value reports; undefined where it reports none. Known shapes: `error` as an object (OpenAI) or a text (Ollama,
 * llama.cpp), `detail` as a text or a list (FastAPI), and a flat object with a message (older vLLM, TGI).
 */
export function errorIn(value: unknown): ServerError | undefined {
  const { error, detail, choices } = asRecord(value);
  if (typeof error === 'string') return errorOf(error, value);
  if (typeof error === 'object' && error !== null)
    return errorOf(textIn(error, 'message') ?? JSON.stringify(error), error);
  if (choices !== undefined) return undefined;
  if (detail !== undefined) return errorOf(detailText(detail), value);
  const message = textIn(value, 'message');
  return message === null ? undefined : errorOf(message, value);
}

/** The error of a response that failed: by its JSON, else its text, unless that is a page. Null where nothing is said. */
export function errorOfBody(body: string, contentType: string | null): ServerError | undefined {
  const value = parseJson(body);
  if (typeof value === 'string') return errorOf(value, undefined);
  const found = errorIn(value);
  if (found) return found;
  const isPage = contentType?.includes('html') || /^\s*</.test(body);
  return body.trim() === '' || isPage ? undefined : errorOf(body, undefined);
}

/** The error of an event that is named so: whatever its data is. */
export const errorOfEvent = (data: string): ServerError =>
  errorOfBody(data, null) ?? errorOf(data.trim() || 'The server gave no reason.', undefined);

function errorOf(message: string, source: unknown): ServerError {
  const { code } = asRecord(source);
  return {
    message: message.slice(0, maxMessageLength),
    type: textIn(source, 'type'),
    code: typeof code === 'string' || typeof code === 'number' ? code : null,
  };
}

/** FastAPI lists what is wrong, each with the field of the request. */
function detailText(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return textIn(detail, 'message') ?? JSON.stringify(detail);
  return detail
    .slice(0, 10)
    .map((entry) => {
      const { loc } = asRecord(entry);
      const field = Array.isArray(loc) ? `${loc.join('.')}: ` : '';
      return field + (textIn(entry, 'msg') ?? JSON.stringify(entry));
    })
    .join('; ');
}
