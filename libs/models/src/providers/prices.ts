import { modelNameSchema } from '@pentimento/contracts';
import { z } from 'zod';
import { parseJson } from '../json.ts';

/** US dollars per million tokens, by "provider/model". */
const pricesSchema = z.record(modelNameSchema, z.strictObject({ input: z.number().min(0), output: z.number().min(0) }));
export type Prices = z.infer<typeof pricesSchema>;

/** The day on which the list prices were read. */
export const listPricesDate = '2026-10-04';

/**
 * The public list prices of the known models, without discounts for caches and batches, for prompts below the length from which some
 * cost more (https://developers.openai.com/api/docs/pricing, https://platform.claude.com/docs/en/about-claude/pricing,
 * https://ai.google.dev/gemini-api/docs/pricing).
 */
const listPrices: Prices = {
  'openai/gpt-6.1-sol': { input: 2, output: 10 },
  'openai/gpt-5.4-mini': { input: 0.75, output: 4.5 },
  'anthropic/claude-sonnet-5-5': { input: 2, output: 10 },
  'anthropic/claude-opus-5-5': { input: 4, output: 20 },
  'google/gemini-3.8-flash': { input: 0.75, output: 3.75 },
  'google/gemini-2.5-pro': { input: 1.25, output: 10 },
};

/** The list prices of the providers that are asked at their own addresses: a server elsewhere has prices of its own. */
const listPricesWithout = (providers: readonly string[]): Prices =>
  Object.fromEntries(Object.entries(listPrices).filter(([model]) => !providers.includes(model.split('/')[0]!)));

/**
 * The list prices, with those of PENTIMENTO_MODEL_PRICES in their place, e.g. `{"openai/gpt-5.4": {"input": 2.5, "output": 10}}`.
 * @param elsewhere providers whose address is another one.
 */
export function readPrices(
  value: string | undefined,
  elsewhere: readonly string[] = [],
): { prices: Prices; problem: string | null } {
  const known = listPricesWithout(elsewhere);
  if (value === undefined) return { prices: known, problem: null };
  const read = pricesSchema.safeParse(parseJson(value));
  if (read.success) return { prices: { ...known, ...read.data }, problem: null };
  return {
    prices: known,
    problem:
      'PENTIMENTO_MODEL_PRICES is not of the form {"provider/model": {"input": 2.5, "output": 10}} (US dollars per million tokens): correct it, or unset it for the list prices.',
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
