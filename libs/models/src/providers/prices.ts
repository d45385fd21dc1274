import { modelNameSchema } from '@pentimento/contracts';
import { z } from 'zod';
import { parseJson } from '../json.ts';

/** US dollars per million tokens, by "provider/model". */
const pricesSchema = z.record(modelNameSchema, z.strictObject({ input: z.number().min(0), output: z.number().min(0) }));
export type Prices = z.infer<typeof pricesSchema>;

/** Reads PENTIMENTO_MODEL_PRICES, e.g. `{"openai/gpt-5.4": {"input": 2.5, "output": 10}}`. */
export function readPrices(value: string | undefined): { prices: Prices; problem: string | null } {
  if (value === undefined) return { prices: {}, problem: null };
  const read = pricesSchema.safeParse(parseJson(value));
  if (read.success) return { prices: read.data, problem: null };
  return {
    prices: {},
    problem:
      'PENTIMENTO_MODEL_PRICES is not of the form {"provider/model": {"input": 2.5, "output": 10}} (US dollars per million tokens): correct it, or unset it to leave costs unknown.',
  };
}

/** US dollars of a call; null where the model has no price or the server counted no tokens. */
export function costOf(
  model: string,
  tokens: { inputTokens: number | null; outputTokens: number | null },
  prices: Prices,
): number | null {
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (!price || tokens.inputTokens === null || tokens.outputTokens === null) return null;
  return (tokens.inputTokens * price.input + tokens.outputTokens * price.output) / 1e6;
}
