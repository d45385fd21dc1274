import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { ParsedPrompt } from './parsed-prompt.ts';
import { answer } from './reply.ts';
import { sizeOf } from './tracing/raster.ts';
import { variationOf } from './variation.ts';

/** Estimates that any model's usage can be compared with: characters and pixels for one token. */
const charactersPerToken = 4;
const pixelsPerToken = 784;

/** What a reply is made of. It can be sent to a thread. */
export interface ReplyRequest {
  parsed: ParsedPrompt;
  maxOutputTokens: number | undefined;
  seed: number | undefined;
}

export interface TracedReply {
  text: string;
  usage: LanguageModelV4Usage;
}

/** The reply to a prompt. Rejects with the signal's reason on abort. */
export async function traceReply(request: ReplyRequest, signal: AbortSignal): Promise<TracedReply> {
  const { parsed, maxOutputTokens, seed } = request;
  const characters = maxOutputTokens === undefined ? Infinity : maxOutputTokens * charactersPerToken;
  const text = await answer(parsed, { characters, variation: variationOf(seed), signal });
  return { text, usage: await usageOf(parsed, text) };
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
