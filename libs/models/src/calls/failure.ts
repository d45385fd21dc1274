import { APICallError, JSONParseError, TypeValidationError } from '@ai-sdk/provider';
import type { ModelFailureKind } from '@pentimento/contracts';
import { asRecord } from '../json.ts';
import { quoteFrom } from './redact.ts';
import { retryAfter, type Retry } from './retry.ts';

/** Why an attempt gave no reply, in one plain sentence with its remedy. */
export interface CallFailure {
  kind: ModelFailureKind;
  message: string;
  retry: Retry;
  /** The server's own words, where it refused the request. They are not to be shown: they may repeat the prompt. */
  serverMessage?: string;
}

/** How error texts call a model server and its settings. */
export interface ServerDescription {
  label: string;
  keyVariable: string | null;
  urlVariable: string | null;
  hasKey: boolean;
}

export interface FailureContext {
  /** The model's full name. */
  model: string;
  server: ServerDescription;
  secrets: readonly string[];
  /** The prompt's texts: a server's message that repeats them is not shown. */
  texts: readonly string[];
  timeoutMs: number;
  /** Milliseconds since the epoch. */
  now: number;
}

/** The server's stream ended, or was cut, before the reply was complete. `receivedAny`: something of a reply had come. */
export class BrokenStreamError extends Error {
  readonly receivedAny: boolean;
  readonly contentType: string | null;

  constructor(receivedAny: boolean, contentType: string | null, cause?: unknown) {
    super('The stream ended before the reply was complete.', { cause });
    this.receivedAny = receivedAny;
    this.contentType = contentType;
  }
}

/** Longest reply that is taken, characters: far beyond any policy's output limit, and as much as is read of a reply. */
export const maxReplyLength = 4 * 1024 * 1024;

/** The reply is too long to be used. */
export class ReplyTooLongError extends Error {
  constructor() {
    super(`The reply is longer than ${maxReplyLength} characters.`);
  }
}

/** The server reported an error inside a stream that had begun well. */
export class StreamedError extends Error {
  readonly reported: unknown;

  constructor(reported: unknown) {
    super('The server reported an error in its stream.', { cause: reported });
    this.reported = reported;
  }
}

export function timeoutFailure({ server, timeoutMs }: FailureContext): CallFailure {
  return {
    kind: 'timeout',
    message: `${server.label} gave no complete reply within ${timeoutMs / 1000} s: raise PENTIMENTO_MODEL_TIMEOUT_SECONDS, or lower the job's maxOutputTokens.`,
    retry: 'never',
  };
}

export function refusedFailure({ server }: FailureContext): CallFailure {
  return {
    kind: 'refused',
    message: `The content filter of ${server.label} stopped the reply: change the target or the instructions, or use another model.`,
    retry: 'never',
  };
}

/** What failed, by the error of an attempt. Never throws, and never quotes keys or the request. */
export function failureOf(error: unknown, context: FailureContext): CallFailure {
  if (error instanceof BrokenStreamError) return brokenFailure(error, context);
  if (error instanceof ReplyTooLongError) return tooLongFailure(context);
  if (error instanceof StreamedError) return reportedFailure(error.reported, context);
  if (APICallError.isInstance(error)) {
    if (error.statusCode === undefined) return unreachableFailure(error, context);
    if (error.statusCode < 300) return brokenFailure(new BrokenStreamError(true, null, error), context);
    return statusFailure(
      {
        status: error.statusCode,
        headers: error.responseHeaders ?? {},
        providerMessage: error.message,
        code: codeIn(error.responseBody),
      },
      context,
    );
  }
  if (networkCode(error)) return unreachableFailure(error, context);
  return unexpectedFailure(error, context);
}

function brokenFailure({ receivedAny, contentType }: BrokenStreamError, { server }: FailureContext): CallFailure {
  if (receivedAny) {
    return {
      kind: 'cut_off',
      message: `The reply of ${server.label} ended early and is not used: retry the job to continue from its last iteration.`,
      retry: 'never',
    };
  }
  const type = contentType?.split(';')[0]?.trim();
  const instead = type && type !== 'text/event-stream' ? `${type} instead of a stream` : 'an empty stream';
  return {
    kind: 'bad_response',
    message: `${server.label} answered with ${instead}: ${checkAddress(server)}.`,
    retry: 'never',
  };
}

function tooLongFailure({ server }: FailureContext): CallFailure {
  return {
    kind: 'bad_response',
    message: `${server.label} sent a reply of more than ${maxReplyLength} characters, which is not used: lower the reply limit, or use another model.`,
    retry: 'never',
  };
}

/** An error object in a stream: `{message, type, code}` in the dialects of OpenAI, Anthropic and Google. */
function reportedFailure(reported: unknown, context: FailureContext): CallFailure {
  if (JSONParseError.isInstance(reported) || TypeValidationError.isInstance(reported)) {
    return {
      kind: 'bad_response',
      message: `${context.server.label} sent a stream that is not of its protocol: ${checkAddress(context.server)}.`,
      retry: 'never',
    };
  }
  if (reported instanceof Error) return failureOf(reported, context);
  const { message, type, code, statusCode, status } = asRecord(reported);
  const number = [statusCode, status, code].map(Number).find((value) => value >= 400 && value <= 599);
  return statusFailure(
    {
      status: number ?? statusOfType[String(type)] ?? (message ? null : 500),
      headers: {},
      providerMessage: String(message ?? ''),
      code: String(code ?? type),
    },
    context,
  );
}

const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  overloaded_error: 529,
};

interface Refusal {
  /** Of HTTP; null for an error that was reported without one. */
  status: number | null;
  headers: Readonly<Record<string, string>>;
  /** The server's own words. */
  providerMessage: string;
  /** The server's error code, where it gives one. */
  code: string;
}

function statusFailure(refusal: Refusal, context: FailureContext): CallFailure {
  const { status } = refusal;
  const message = `${statusText(refusal, context)}.`;
  const serverMessage = refusal.providerMessage;
  if (isTooLarge(refusal)) return { kind: 'bad_request', message, retry: 'never', serverMessage };
  const kind = kindOfStatus(status);
  const transient = status !== null && (status === 408 || status === 429 || status >= 500);
  if (!transient || isQuota(refusal)) return { kind, message, retry: 'never', serverMessage };
  return { kind, message, retry: { afterMs: retryAfter(refusal.headers, context.now) } };
}

function kindOfStatus(status: number | null): ModelFailureKind {
  if (status === null || status < 400) return 'bad_response';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate_limited';
  return status >= 500 ? 'overloaded' : 'bad_request';
}

function statusText(refusal: Refusal, context: FailureContext): string {
  const { status } = refusal;
  const { model, server } = context;
  const { label, keyVariable, urlVariable } = server;
  const quote = quoteFrom(refusal.providerMessage, context);
  const saying = quote ? `: "${quote}"` : '';
  const http = status === null ? '' : ` (HTTP ${status})`;
  if (isTooLarge(refusal))
    return `The prompt is too large for ${label}${http}${saying}; use a smaller target, fewer patches or a larger context`;
  if (status === null)
    return `${label} reported an error instead of a reply${saying}; check that ${model} takes images and the job's sampling settings`;
  if (status < 400) return `${label} redirects to another address${http}: ${checkAddress(server)}`;
  if (status >= 500) return `${label} failed or is overloaded${http}${saying}; retry the job later`;
  switch (status) {
    case 401:
      return `${label} ${keyRemedy(server)}`;
    case 403:
      return `${label} does not let this key use ${model}${http}: check what ${keyVariable ?? 'the key'} may be used for`;
    case 404:
      return `${label} knows no ${model} at this address${http}${saying}; check the model's name${urlVariable ? ` and ${urlVariable}` : ''}`;
    case 408:
      return `${label} gave up waiting${http}: retry the job later`;
    case 429:
      return isQuota(refusal)
        ? `The account at ${label} has no quota left${http}: check its billing, then retry the job`
        : `${label} limits how often it may be asked${http}: retry the job later, or lower PENTIMENTO_WORKER_CONCURRENCY`;
    default:
      return `${label} rejected the request${http}${saying}; check that ${model} takes images and the job's sampling settings`;
  }
}

/** The prompt, or what is left for the reply, exceeds what the model can hold: the same request fails again. */
const isTooLarge = ({ status, providerMessage }: Refusal): boolean =>
  status === 413 ||
  (status !== 401 &&
    status !== 403 &&
    status !== 429 &&
    /\bcontext (?:size|length|window)\b|\bprompt is too long\b/i.test(providerMessage));

/** A limit that waiting does not lift. */
function isQuota({ status, code }: Refusal): boolean {
  return status === 429 && code === 'insufficient_quota';
}

function unreachableFailure(error: unknown, { server }: FailureContext): CallFailure {
  const code = networkCode(error) ?? 'no connection';
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(code);
  const remedy = untrusted
    ? 'make Node trust its certificate (NODE_EXTRA_CA_CERTS)'
    : `check that it runs${server.urlVariable ? ` and that ${server.urlVariable} is its address` : ''}`;
  return {
    kind: 'unreachable',
    message: `${server.label} cannot be reached (${code}): ${remedy}.`,
    retry: untrusted ? 'never' : { afterMs: null },
  };
}

function unexpectedFailure(error: unknown, context: FailureContext): CallFailure {
  const quote = quoteFrom(error instanceof Error ? error.message : String(error), context);
  return {
    kind: 'bad_response',
    message: `${context.server.label} gave no usable reply${quote ? ` ("${quote}")` : ''}: retry the job, or use another model.`,
    retry: 'never',
  };
}

function keyRemedy({ keyVariable, hasKey }: ServerDescription): string {
  if (!keyVariable) return 'refused the request (HTTP 401)';
  return hasKey
    ? `refused the API key (HTTP 401): correct ${keyVariable} and restart`
    : `wants an API key (HTTP 401): set ${keyVariable} and restart`;
}

function checkAddress({ urlVariable }: ServerDescription): string {
  return urlVariable ? `check ${urlVariable}, whose path often ends in /v1` : 'retry the job';
}

/** The system's or TLS's code for a failed connection, from the error or its causes. */
function networkCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    if (current instanceof AggregateError && current.errors.length > 0) return networkCode(current.errors[0]);
  }
  return undefined;
}

function codeIn(body: string | undefined): string {
  try {
    const { error } = asRecord(JSON.parse(body ?? ''));
    const { code, type } = asRecord(error);
    return String(code ?? type ?? '');
  } catch {
    return '';
  }
}
