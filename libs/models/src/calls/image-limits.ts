import { modelNameSchema } from '@pentimento/contracts';
import { z } from 'zod';
import { parseJson } from '../json.ts';

const limitsSchema = z.record(modelNameSchema, z.number().int().min(1));

/** Reads PENTIMENTO_MODEL_IMAGES, e.g. `{"openai-compatible/llava": 1}`: the images that a server takes in one request. */
export function readImageLimits(value: string | undefined): { limits: Record<string, number>; problem: string | null } {
  if (value === undefined) return { limits: {}, problem: null };
  const read = limitsSchema.safeParse(parseJson(value));
  if (read.success) return { limits: read.data, problem: null };
  return {
    limits: {},
    problem: 'PENTIMENTO_MODEL_IMAGES is not of the form {"provider/model": 1}: correct it, or unset it.',
  };
}

/** The images that each model's server takes in one request: as set, or as its refusals have said. */
export class ImageLimits {
  readonly #limits: Map<string, number>;

  constructor(limits: Readonly<Record<string, number>>) {
    this.#limits = new Map(Object.entries(limits));
  }

  of(model: string): number {
    return this.#limits.get(model) ?? Infinity;
  }

  /** @param message the server's words about a request with so many images. */
  learn(model: string, message: string, images: number): void {
    const limit = limitIn(message, images);
    if (limit !== undefined) this.#limits.set(model, Math.min(limit, this.of(model)));
  }
}

/** The most images that a server says it takes, where it refused more; undefined where its words are about something else. */
export function limitIn(message: string, images: number): number | undefined {
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
