import { InvalidResponseDataError } from '@ai-sdk/provider';
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { maxInteger } from '@pentimento/contracts';
import { orAborted } from '@pentimento/abort';
import {
  BrokenStreamError,
  ReplyTooLongError,
  failureOf,
  maxReplyLength,
  refusedFailure,
  StreamedError,
  timeoutFailure,
  type CallFailure,
  type FailureContext,
} from './failure.ts';

/** A complete reply as one attempt received it. */
export interface CompleteReply {
  text: string;
  finishReason: string;
  inputTokens: number | null;
  outputTokens: number | null;
  served: { model: string | null; id: string | null; fingerprint: string | null };
}

export type AttemptOutcome = { ok: true; answer: CompleteReply } | { ok: false; failure: CallFailure };

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/**
 * Asks the model once, by streaming: only a stream's finish event distinguishes a complete reply from a truncated one. Ends at the deadline
 * even where the model does not listen to its signal. Rejects only with the signal's reason.
 */
export async function attempt(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  signal: AbortSignal,
  context: FailureContext,
): Promise<AttemptOutcome> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('The deadline has passed.')), context.timeoutMs);
  const ended = AbortSignal.any([signal, deadline.signal]);
  try {
    const answer = await orAborted(listen(model, { ...options, abortSignal: ended }), ended);
    if (answer.finishReason === 'content-filter') return { ok: false, failure: refusedFailure(context) };
    return { ok: true, answer };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: deadline.signal.aborted ? timeoutFailure(context) : failureOf(error, context) };
  } finally {
    clearTimeout(timer);
    // Whatever of the request is still open is closed with the attempt.
    deadline.abort(new Error('The attempt is over.'));
  }
}

async function listen(model: LanguageModelV4, options: LanguageModelV4CallOptions): Promise<CompleteReply> {
  const { stream, response } = await model.doStream({ ...options, includeRawChunks: true });
  const served: CompleteReply['served'] = { model: null, id: null, fingerprint: null };
  let text = '';
  let receivedAny = false;
  let finish: Finish | undefined;
  const broken = () => new BrokenStreamError(receivedAny || text !== '', response?.headers?.['content-type'] ?? null);
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        text += part.delta;
        if (text.length > maxReplyLength) throw new ReplyTooLongError();
        break;
      case 'response-metadata':
        served.model = part.modelId ?? served.model;
        served.id = part.id ?? served.id;
        break;
      case 'raw':
        receivedAny = true;
        served.fingerprint ??= textIn(part.rawValue, 'system_fingerprint');
        served.model ??= textIn(part.rawValue, 'modelVersion');
        break;
      case 'finish':
        finish = part;
        break;
      case 'error':
        // The providers' way to say that the stream ended without a finish reason.
        if (InvalidResponseDataError.isInstance(part.error)) throw broken();
        throw new StreamedError(part.error);
    }
  }
  if (!finish || ['interrupted', 'error'].includes(finish.finishReason.unified)) throw broken();
  return {
    text,
    finishReason: finish.finishReason.unified,
    inputTokens: countIn(finish.usage.inputTokens.total),
    outputTokens: countIn(finish.usage.outputTokens.total),
    served,
  };
}

/** A server's count of tokens; null where it gives none that can be one, so that the reply itself is not lost over it. */
function countIn(value: number | undefined): number | null {
  return Number.isInteger(value) && value! >= 0 && value! <= maxInteger ? value! : null;
}

/** A field of a chunk that the SDK does not hand on: OpenAI's `system_fingerprint`, Google's `modelVersion`. */
function textIn(chunk: unknown, field: string): string | null {
  const value = ((chunk ?? {}) as Record<string, unknown>)[field];
  return typeof value === 'string' && value !== '' ? value : null;
}
