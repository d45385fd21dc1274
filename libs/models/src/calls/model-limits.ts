import { estimateTokens, modelNameSchema, type ModelLimits, type Prompt } from '@pentimento/contracts';
import { z } from 'zod';
import { parseJson } from '../json.ts';

/** A bound of each model, by its full name. */
export type BoundByModel = Record<string, number>;

const boundsSchema = z.record(modelNameSchema, z.number().int().min(1));

/** Reads PENTIMENTO_MODEL_IMAGES or PENTIMENTO_MODEL_CONTEXT, e.g. `{"openai-compatible/llava": 1}`. */
export function readBounds(
  variable: 'PENTIMENTO_MODEL_IMAGES' | 'PENTIMENTO_MODEL_CONTEXT',
  value: string | undefined,
): { bounds: BoundByModel; problem: string | null } {
  if (value === undefined) return { bounds: {}, problem: null };
  const read = boundsSchema.safeParse(parseJson(value));
  if (read.success) return { bounds: read.data, problem: null };
  const example = variable === 'PENTIMENTO_MODEL_IMAGES' ? 1 : 8192;
  return {
    bounds: {},
    problem: `${variable} is not of the form {"provider/model": ${example}}: correct it, or unset it.`,
  };
}

/** A prompt that was refused for its length is made shorter by this much, where the server names no bound that helps. */
const shorterBy = 0.75;

/** The limits of a server that says `message` about a prompt: lower than `known` where the words are about images or context. */
export function lowered(known: ModelLimits, message: string, prompt: Prompt): ModelLimits {
  return {
    images: Math.min(known.images, imagesIn(message, countImages(prompt)) ?? Infinity),
    contextTokens: isAboutContext(message) ? lowerContext(known, message, prompt) : known.contextTokens,
  };
}

function lowerContext({ contextTokens }: ModelLimits, message: string, prompt: Prompt): number {
  const named = contextIn(message);
  if (named !== undefined && named < contextTokens) return named;
  return Math.floor(Math.min(contextTokens, estimateTokens(prompt)) * shorterBy);
}

const countImages = ({ messages }: Prompt): number =>
  messages.flatMap(({ content }) => content.filter(({ type }) => type === 'image')).length;

/** The most images that a server says it takes, where it refused more; undefined where its words are about something else. */
export function imagesIn(message: string, images: number): number | undefined {
  if (!/\bimages?\b|image\(s\)/i.test(message)) return undefined;
  const numbers = [...message.matchAll(/\b\d{1,3}\b/g)].map(([digits]) => Number(digits));
  const isAboutCount =
    /at most|maximum|max\b|limit|only|up to|too many|more than|exceed|single|multiple|\bone image/i.test(message);
  if (!isAboutCount || /\b(?:size|bytes|[kmg]i?b|pixels?|resolution|dimensions?|width|height)\b/i.test(message))
    return undefined;
  const limit = numbers.find((count) => count >= 1 && count < images);
  if (limit !== undefined) return limit;
  return /single|multiple|one image/i.test(message) && images > 1 ? 1 : undefined;
}

const isAboutContext = (message: string): boolean =>
  /context (?:length|window|size)|max(?:imum)? model length|prompt is too long|input token count/i.test(message);

/** Where vLLM, SGLang, llama.cpp, OpenAI, Anthropic and Google write the bound. */
const contextPatterns = [
  /context (?:length|window|size)\s*(?:is|of|\()?\s*(\d+)/i,
  /max(?:imum)? model length\s*(?:is|of|\()?\s*(\d+)/i,
  />\s*(\d+) maximum/i,
  /allowed \((\d+)\)/i,
];

/** The tokens of a model's context, prompt and reply, that a server names; undefined where it names none. */
export function contextIn(message: string): number | undefined {
  const found = contextPatterns.map((pattern) => pattern.exec(message)?.[1]).find((digits) => digits !== undefined);
  const tokens = Number(found);
  return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : undefined;
}
