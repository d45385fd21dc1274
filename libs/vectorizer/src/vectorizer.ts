import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { FencedLanguage } from './fenced-language.ts';
import { answer } from './reply.ts';
import { sizeOf } from './tracing/raster.ts';
import { readPrompt, type ParsedPrompt } from './parsed-prompt.ts';
import { variationOf } from './variation.ts';

/** Estimates that any model's usage can be compared with: characters and pixels for one token. */
const charactersPerToken = 4;
const pixelsPerToken = 784;
const streamedCharacters = 2_000;
const finishReason = { unified: 'stop', raw: 'stop' } as const;

/**
 * The built-in model: a language model that needs no key, no network and no weights. It reads the task block and the
 * images of a prompt, as any model could, and answers with traced shapes (VTracer): a coarse draft at first, then the
 * named patches in more detail at each return. The same messages and seed give the same reply. Of the known `languages` it
 * writes those of `builtinLanguages`.
 */
export function createVectorizer(languages: readonly FencedLanguage[]): LanguageModelV4 {
  return {
    specificationVersion: 'v4',
    provider: 'builtin',
    modelId: 'vectorizer',
    supportedUrls: {},
    doGenerate: (options) => generate(options, languages),
    doStream: (options) => stream(options, languages),
  };
}

async function generate(
  options: LanguageModelV4CallOptions,
  languages: readonly FencedLanguage[],
): Promise<LanguageModelV4GenerateResult> {
  const { abortSignal: signal, maxOutputTokens, seed } = options;
  signal?.throwIfAborted();
  const parsed = readPrompt(options.prompt, languages);
  const characters = maxOutputTokens === undefined ? Infinity : maxOutputTokens * charactersPerToken;
  const text = await answer(parsed, { characters, variation: variationOf(seed), signal });
  const usage = await usageOf(parsed, text);
  signal?.throwIfAborted();
  return { content: [{ type: 'text', text }], finishReason, usage, warnings: [] };
}

async function stream(
  options: LanguageModelV4CallOptions,
  languages: readonly FencedLanguage[],
): Promise<LanguageModelV4StreamResult> {
  const { content, usage, warnings } = await generate(options, languages);
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const deltas = text.match(new RegExp(`[^]{1,${streamedCharacters}}`, 'g')) ?? [];
  const parts: LanguageModelV4StreamPart[] = [
    { type: 'stream-start', warnings },
    { type: 'text-start', id: '0' },
    ...deltas.map((delta): LanguageModelV4StreamPart => ({ type: 'text-delta', id: '0', delta })),
    { type: 'text-end', id: '0' },
    { type: 'finish', usage, finishReason },
  ];
  return {
    stream: new ReadableStream({
      start(controller) {
        parts.forEach((part) => controller.enqueue(part));
        controller.close();
      },
    }),
  };
}

async function usageOf({ text, images }: ParsedPrompt, reply: string): Promise<LanguageModelV4Usage> {
  const sizes = await Promise.all(images.map((image) => image && sizeOf(image)));
  const pixels = sizes.reduce(
    (sum, size) => sum + Math.ceil(size ? (size.width * size.height) / pixelsPerToken : 0),
    0,
  );
  const input = Math.ceil(text.length / charactersPerToken) + pixels;
  const output = Math.ceil(reply.length / charactersPerToken);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: output, reasoning: undefined },
  };
}
