import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import type { FencedLanguage } from './fenced-language.ts';
import { readPrompt } from './parsed-prompt.ts';
import { ReplyThread } from './reply-thread.ts';

const streamedCharacters = 2_000;
/** One for all models of the process, so that it is started once. */
const thread = new ReplyThread();
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
  const known = languages.map(({ id, fenceNames }) => ({ id, fenceNames }));
  const parsed = readPrompt(options.prompt, known);
  const { text, usage } = await thread.request({ parsed, maxOutputTokens, seed }, signal);
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
