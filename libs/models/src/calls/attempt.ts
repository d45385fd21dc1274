import { InvalidResponseDataError } from '@ai-sdk/provider';
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { maxInteger, type ModelReply, type ReplyProgress } from '@pentimento/contracts';
import { orAborted } from '@pentimento/abort';
import { textIn } from '../json.ts';
import { StreamProgress } from './progress.ts';
import { TokenReader } from './tokens.ts';
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
  reasoning: string;
  finishReason: string;
  inputTokens: number | null;
  outputTokens: number | null;
  served: ModelReply['served'];
  tokens: TokenReader;
  headers: Record<string, string>;
}

export type AttemptOutcome = { ok: true; answer: CompleteReply } | { ok: false; failure: CallFailure };

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;
type End = Pick<Finish, 'finishReason' | 'usage'>;
type ReceivedText = Pick<CompleteReply, 'text' | 'reasoning'>;

/** What has come of a reply so far. A whole reply that was not streamed has no progress. */
type OnProgress = (progress: Omit<ReplyProgress, 'attempt'>) => void;

/** How a model is asked: `stream` is false where the server tells some things only with a whole reply. */
type AttemptOptions = LanguageModelV4CallOptions & { stream: boolean };

export interface AttemptContext extends FailureContext {
  /** Called with each part of a stream. It must return at once. */
  onProgress?: OnProgress;
  /** Milliseconds, for the figures of the progress. Default: the machine's clock. */
  clock?: { now(): number };
}

/**
 * Asks the model once, mostly by streaming: only a stream's finish event distinguishes a complete reply from a truncated one. Ends at
 * the deadline even where the model does not listen to its signal. Rejects only with the signal's reason.
 */
export async function attempt(
  model: LanguageModelV4,
  { stream, ...options }: AttemptOptions,
  signal: AbortSignal,
  context: AttemptContext,
): Promise<AttemptOutcome> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('The deadline has passed.')), context.timeoutMs);
  const ended = AbortSignal.any([signal, deadline.signal]);
  try {
    const ask = stream ? listen : waitForWhole;
    const answer = await orAborted(ask(model, { ...options, abortSignal: ended }, context), ended);
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

async function listen(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  { onProgress, clock = Date }: AttemptContext,
): Promise<CompleteReply> {
  const { stream, response } = await model.doStream({ ...options, includeRawChunks: true });
  const served = nothingServed();
  const tokens = new TokenReader();
  const progress = new StreamProgress(() => clock.now());
  const received = { text: '', reasoning: '' };
  let receivedAny = false;
  let finish: Finish | undefined;
  const broken = () =>
    new BrokenStreamError(receivedAny || received.text !== '', response?.headers?.['content-type'] ?? null);
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
        received[part.type === 'text-delta' ? 'text' : 'reasoning'] += part.delta;
        mustFit(received, tokens);
        progress.addText(part.delta);
        // A stream that does not listen to its signal is shown no longer.
        if (!options.abortSignal?.aborted) onProgress?.({ ...received, ...progress.figures() });
        break;
      case 'response-metadata':
        served.model = part.modelId ?? served.model;
        served.id = part.id ?? served.id;
        break;
      case 'raw':
        receivedAny = true;
        readRaw(part.rawValue, served, tokens);
        progress.readChunk(part.rawValue);
        mustFit(received, tokens);
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
  if (!finish || hasNoEnd(finish)) throw broken();
  return completeReply(received, finish, served, tokens, response?.headers);
}

async function waitForWhole(model: LanguageModelV4, options: LanguageModelV4CallOptions): Promise<CompleteReply> {
  const { content, response, ...end } = await model.doGenerate(options);
  const of = (type: 'text' | 'reasoning') => content.map((part) => (part.type === type ? part.text : '')).join('');
  const received = { text: of('text'), reasoning: of('reasoning') };
  const served = { ...nothingServed(), model: response?.modelId ?? null, id: response?.id ?? null };
  const tokens = new TokenReader();
  readRaw(response?.body, served, tokens);
  mustFit(received, tokens);
  if (hasNoEnd(end)) throw new BrokenStreamError(true, null);
  return completeReply(received, end, served, tokens, response?.headers);
}

const nothingServed = (): ModelReply['served'] => ({ model: null, id: null, fingerprint: null, weightVersion: null });

/** What the SDK does not hand on: OpenAI's `system_fingerprint`, Google's `modelVersion`, tokens. */
function readRaw(chunk: unknown, served: ModelReply['served'], tokens: TokenReader): void {
  served.fingerprint ??= textIn(chunk, 'system_fingerprint');
  served.model ??= textIn(chunk, 'modelVersion');
  tokens.read(chunk);
}

function mustFit({ text, reasoning }: ReceivedText, tokens: TokenReader): void {
  if (text.length + reasoning.length + tokens.count > maxReplyLength) throw new ReplyTooLongError();
}

const hasNoEnd = ({ finishReason }: End): boolean => ['interrupted', 'error'].includes(finishReason.unified);

function completeReply(
  received: ReceivedText,
  { finishReason, usage }: End,
  served: ModelReply['served'],
  tokens: TokenReader,
  headers: Record<string, string> = {},
): CompleteReply {
  return {
    ...received,
    finishReason: finishReason.unified,
    inputTokens: countIn(usage.inputTokens.total),
    outputTokens: countIn(usage.outputTokens.total),
    served: { ...served, weightVersion: tokens.weightVersion },
    tokens,
    headers,
  };
}

/** A server's count of tokens; null where it gives none that can be one, so that the reply itself is not lost over it. */
function countIn(value: number | undefined): number | null {
  return Number.isInteger(value) && value! >= 0 && value! <= maxInteger ? value! : null;
}
