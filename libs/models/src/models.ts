import { setTimeout as delay } from 'node:timers/promises';
import type {
  ModelPage,
  BlobId,
  ModelLimits,
  ModelOutcome,
  ModelRequest,
  ModelState,
  Prompt,
  ReplyProgress,
  Usage,
} from '@pentimento/contracts';
import { orAborted } from '@pentimento/abort';
import pLimit from 'p-limit';
import { attempt, type AttemptContext, type CompleteReply } from './calls/attempt.ts';
import type { FencedLanguage } from '@pentimento/vectorizer';
import { createCatalog, split } from './catalog.ts';
import { captureOptions, whyNotAsked } from './calls/capture.ts';
import { concessionsHeader } from './chat-completions/fetch-chat.ts';
import { parseJson } from './json.ts';
import { readConfiguration, type Environment } from './providers/configuration.ts';
import { costOf } from './providers/prices.ts';
import { LearnedLimits } from './calls/model-limits.ts';
import { toModelPrompt } from './calls/prompt.ts';
import { readProviders, type ModelProvider } from './providers/providers.ts';
import { waitBefore } from './calls/retry.ts';

export interface ModelsOptions {
  environment: Environment;
  /** The languages that prompts may ask for code in. */
  languages: readonly FencedLanguage[];
  /** Throws where the blob is missing. */
  blobs: { get(id: BlobId): Promise<Uint8Array> };
  /** In 0..1, for the spread of waits. */
  random?: () => number;
  /** Waits `ms` milliseconds; rejects when the signal aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  clock?: { now(): number };
}

interface GenerateOptions {
  signal: AbortSignal;
  onRetry?: (reason: string, waitMs: number) => void;
  onProgress?: (progress: ReplyProgress) => void;
}

export interface Models {
  /**
   * One model call: up to four attempts, each within PENTIMENTO_MODEL_TIMEOUT_SECONDS, at most PENTIMENTO_MODEL_CONCURRENCY to a provider at a time. Rate limits, overload and failed
   * connections are tried again; every other failure is final. A failure is a value; it rejects with the signal's reason
   * on abort, and with the blob store's error where an image of the prompt cannot be read. `onProgress` is called with each part
   * of a streamed reply; it must return at once.
   */
  generate(request: ModelRequest, options: GenerateOptions): Promise<ModelOutcome>;
  /** What the model's server takes in one request, as set or learned. A refused call may lower it. */
  limits(name: string): ModelLimits;
  /** The known models and those of PENTIMENTO_MODELS, each with whether it is ready. */
  list(): ModelPage;
  /** Whether a model can be used, and if not what to do. Never throws. */
  state(name: string): ModelState;
  /** Whether the name belongs to a provider that exists, ready or not. */
  knows(name: string): boolean;
  /** The problems of the environment, each one sentence with its remedy; empty if there are none. */
  configurationProblems(): string[];
}

/** Model clients as the environment configures them. Throws nothing: ask `configurationProblems()` at boot. */
export function createModels(options: ModelsOptions): Models {
  const { environment, languages, blobs, random = Math.random, sleep = wait, clock = Date } = options;
  const configuration = readConfiguration(environment);
  const providers = readProviders(environment, languages, sleep);
  const catalog = createCatalog(providers, configuration.listed);
  const limits = new LearnedLimits({ images: configuration.maxImages, context: configuration.context });
  const secrets = providers.flatMap((provider) => provider.secrets);
  const slots = new Map(providers.map((provider) => [provider, pLimit(configuration.concurrency)]));

  const contextOf = (request: ModelRequest, { server }: ModelProvider): AttemptContext => ({
    model: request.model,
    server,
    secrets,
    texts: textsOf(request.prompt),
    timeoutMs: configuration.timeoutMs,
    now: clock.now(),
    clock,
  });

  return {
    ...catalog,
    limits: (name) => limits.of(name),
    configurationProblems: () => [
      ...configuration.problems,
      ...providers.filter((provider) => provider.misconfigured).map((provider) => String(provider.reason)),
    ],
    async generate(request, { signal, onRetry, onProgress }) {
      signal.throwIfAborted();
      const { ready, reason } = catalog.state(request.model);
      const provider = catalog.providerOf(request.model);
      if (!ready || !provider)
        return { ok: false, failure: { kind: 'not_configured', message: String(reason), attempts: 1 } };
      const model = provider.create(split(request.model).model);
      const prompt = await orAborted(
        toModelPrompt(request.prompt, (id) => blobs.get(id)),
        signal,
      );
      const capture = configuration.capture[request.model];
      const call = {
        prompt,
        ...samplingOf(request),
        stream: capture?.stream ?? true,
        ...(capture ? { providerOptions: captureOptions } : {}),
      };
      const started = clock.now();
      for (let attempts = 1; ; attempts++) {
        const tryOnce = () => {
          signal.throwIfAborted();
          return attempt(model, call, signal, {
            ...contextOf(request, provider),
            onProgress: onProgress && ((progress) => onProgress({ ...progress, attempt: attempts })),
          });
        };
        const outcome = await orAborted(slots.get(provider)!(tryOnce), signal);
        if (outcome.ok) {
          // The machine's clock may be set back in between, and a reply is not lost over that.
          const ms = Math.max(0, clock.now() - started);
          const notes = notesIn(outcome.answer.headers);
          for (const note of notes) onRetry?.(note, 0);
          return { ok: true, reply: { ...replyOf(outcome.answer, request), attempts: attempts + notes.length, ms } };
        }
        const { kind, message, retry, serverMessage = '' } = outcome.failure;
        limits.learn(request.model, serverMessage, request.prompt);
        const waitMs = waitBefore(retry, attempts, random);
        if (waitMs === null) return { ok: false, failure: { kind, message, attempts } };
        onRetry?.(message, waitMs);
        await orAborted(sleep(waitMs, signal), signal);
      }
    },
  };

  function replyOf({ text, reasoning, finishReason, tokens, headers, ...more }: CompleteReply, request: ModelRequest) {
    const { served, ...counts } = more;
    const settings = configuration.capture[request.model];
    const usage: Usage = { ...counts, cost: costOf(request.model, counts, configuration.prices) };
    const capture = settings
      ? tokens.capture(settings, imagesOf(request.prompt))
      : ({ level: 'text_only', reason: whyNotAsked(request.model) } as const);
    const weightVersion = headers[settings?.weightVersionHeader ?? ''] ?? served.weightVersion;
    return { text, reasoning, finishReason, served: { ...served, weightVersion }, usage, capture };
  }
}

/** What the server was asked again without. */
function notesIn(headers: Readonly<Record<string, string>>): string[] {
  const notes = parseJson(headers[concessionsHeader] ?? '[]');
  return Array.isArray(notes) ? notes.map(String) : [];
}

function imagesOf({ messages }: Prompt): BlobId[] {
  return messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'image' ? [part.image] : [])));
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

function samplingOf({ sampling }: ModelRequest) {
  return {
    temperature: sampling.temperature ?? undefined,
    seed: sampling.seed ?? undefined,
    maxOutputTokens: sampling.maxOutputTokens ?? undefined,
  };
}

function textsOf({ instructions, messages }: Prompt): string[] {
  const texts = messages.flatMap(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')));
  return [instructions, ...texts].filter(Boolean);
}
