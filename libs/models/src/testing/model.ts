import { ReadableStream } from 'node:stream/web';
import { APICallError } from '@ai-sdk/provider';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { fence, writeEdit } from '@pentimento/contracts';
import type { FencedLanguage } from '@pentimento/vectorizer';
import type { CallLog } from './log.ts';
import type { Script, Step } from './script.ts';
import { fill, holds, scriptInputOf, type ScriptInput } from './script-matching.ts';

export interface ScriptedOptions {
  script: Script;
  languages: readonly FencedLanguage[];
  log: CallLog;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Number of this call in the process, from 1. */
  nextCall: () => number;
}

interface Played {
  text: string;
  reasoning: string;
  pace: Step['pace'];
  stallAt: number | undefined;
  /** Comes after the text, in place of a finish. */
  error: APICallError | undefined;
  finish: NonNullable<Step['finish']>;
  usage: LanguageModelV4GenerateResult['usage'];
  id: string;
}

/** A language model that plays a script: replies, delays, errors, hangs and cut replies. */
export function createScriptedModel(name: string, options: ScriptedOptions): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: name,
    supportedUrls: {},
    async doGenerate(call) {
      const { text, reasoning, finish, usage, id, error, stallAt } = await play(name, call, options);
      if (error) throw error;
      if (stallAt !== undefined) return untilAborted(signalOf(call));
      return {
        content: [
          { type: 'reasoning', text: reasoning },
          { type: 'text', text },
        ],
        finishReason: { unified: finish, raw: finish },
        usage,
        response: { id, modelId: name },
        warnings: [],
      };
    },
    async doStream(call) {
      const played = await play(name, call, options);
      const stream = ReadableStream.from(partsOf(played, name, options.wait, signalOf(call)));
      return { stream: stream as Awaited<ReturnType<LanguageModelV4['doStream']>>['stream'] };
    },
  };
}

async function play(
  name: string,
  call: LanguageModelV4CallOptions,
  { script, languages, log, wait, nextCall }: ScriptedOptions,
): Promise<Played> {
  const input = scriptInputOf(name, call, languages, {
    call: nextCall(),
    attempt: (digest, seed) => log.started(digest, seed) + 1,
  });
  const index = script.steps.findIndex(({ when }) => holds(when, input));
  const step = script.steps[index];
  if (!step) throw new Error(`The script has no step for this ${input.task?.task ?? 'prompt without a task'}.`);
  log.append('started', input, index);
  const signal = signalOf(call);
  const delayMs = step.delayMs ?? script.delayMs;
  if (delayMs > 0) await wait(delayMs, signal);
  if (step.hang) return untilAborted(signal);
  if (step.error && step.error.after === '') throw httpError(step.error);
  const played = replyOf(step, input);
  log.append('finished', input, index);
  return played;
}

function replyOf(step: Step, input: ScriptInput): Played {
  const whole = step.error?.after ?? wholeReply(step, input);
  const text = whole.slice(0, step.cutAt ?? whole.length);
  const usage = step.usage ?? {
    inputTokens: Math.ceil(input.text.length / 4),
    outputTokens: Math.ceil(text.length / 4),
  };
  return {
    text,
    reasoning: step.reasoning,
    pace: step.pace,
    stallAt: step.stallAt,
    error: step.error && httpError(step.error),
    finish: step.finish ?? (step.cutAt === undefined ? 'stop' : 'length'),
    usage: {
      inputTokens: {
        total: usage.inputTokens ?? undefined,
        noCache: undefined,
        cacheRead: undefined,
        cacheWrite: undefined,
      },
      outputTokens: { total: usage.outputTokens ?? undefined, text: undefined, reasoning: undefined },
    },
    id: `scripted-${input.digest.slice(0, 16)}`,
  };
}

function wholeReply({ text, code, edits }: Step, input: ScriptInput): string {
  const fenced = (body: string) => fence(body, input.language?.fenceNames[0] ?? '');
  if (code !== undefined) return fenced(fill(code, input));
  if (edits) {
    const blocks = edits.map(({ search, replace }) =>
      writeEdit({ search: fill(search, input), replace: fill(replace, input) }),
    );
    return fenced(blocks.join('\n'));
  }
  return fill(text ?? '', input);
}

async function* partsOf(
  { text, reasoning, pace, stallAt = Infinity, error, finish, usage, id }: Played,
  name: string,
  wait: ScriptedOptions['wait'],
  signal: AbortSignal,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'response-metadata', id, modelId: name };
  for (const [type, whole] of [
    ['reasoning', reasoning],
    ['text', text.slice(0, stallAt)],
  ] as const) {
    if (whole === '' && type === 'reasoning') continue;
    yield { type: `${type}-start`, id: type };
    const length = pace?.characters ?? Math.max(1, whole.length);
    for (let start = 0; start === 0 || start < whole.length; start += length) {
      if (pace && start > 0) await wait(pace.everyMs, signal);
      yield { type: `${type}-delta`, id: type, delta: whole.slice(start, start + length) };
    }
    if (type === 'text' && stallAt < text.length) await untilAborted(signal);
    yield { type: `${type}-end`, id: type };
  }
  if (error) yield { type: 'error', error };
  else if (finish !== 'interrupted') yield { type: 'finish', finishReason: { unified: finish, raw: finish }, usage };
}

const signalOf = ({ abortSignal }: LanguageModelV4CallOptions): AbortSignal =>
  abortSignal ?? new AbortController().signal;

function httpError({ status, headers, message }: NonNullable<Step['error']>): APICallError {
  return new APICallError({
    message,
    url: 'scripted:',
    requestBodyValues: {},
    statusCode: status,
    responseHeaders: headers,
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  if (signal.aborted) reject(signal.reason);
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
