import { logprobsModeSchema, modelNameSchema } from '@pentimento/contracts';
import { z } from 'zod';
import { parseJson } from '../json.ts';

/** How tokens of a model's calls are asked for and read. */
const captureSettingsSchema = z.strictObject({
  /** What the server was started with; it does not say so itself. */
  logprobsMode: logprobsModeSchema.optional(),
  /** The token that stands for a part of an image: 151655 of Qwen's vision models. */
  imageTokenId: z.number().int().min(0).optional(),
  /** False for a server that gives token ids only with a whole reply, as SGLang does. Default: true. */
  stream: z.boolean().optional(),
  /** The response header that says the version of the weights. */
  weightVersionHeader: z.string().toLowerCase().min(1).optional(),
});
export type CaptureSettings = z.infer<typeof captureSettingsSchema>;

/** By "provider/model". A model that is not here is not asked for tokens. */
const captureByModelSchema = z.record(modelNameSchema, captureSettingsSchema);
export type CaptureByModel = z.infer<typeof captureByModelSchema>;

/** The only provider whose servers give token ids. */
const provider = 'openai-compatible/';

/**
 * What a request must ask for: `return_token_ids` and `logprobs` of vLLM (vllm/entrypoints/openai), the other two of SGLang
 * (python/sglang/srt/entrypoints/openai/protocol.py). Each ignores the fields of the other.
 */
export const captureOptions = {
  openaiCompatible: { logprobs: true, return_token_ids: true, return_prompt_token_ids: true, return_meta_info: true },
};

/** Why a call of a model without settings has no tokens. */
export const whyNotAsked = (model: string): string =>
  model.startsWith(provider)
    ? 'PENTIMENTO_MODEL_CAPTURE does not name the model, so tokens were not asked for.'
    : 'The provider of the model gives no tokens.';

/** Reads PENTIMENTO_MODEL_CAPTURE, e.g. `{"openai-compatible/Qwen/Qwen3-VL-8B-Instruct": {"imageTokenId": 151655}}`. */
export function readCapture(value: string | undefined): { capture: CaptureByModel; problem: string | null } {
  if (value === undefined) return { capture: {}, problem: null };
  const read = captureByModelSchema.safeParse(parseJson(value));
  if (!read.success) {
    return {
      capture: {},
      problem: `PENTIMENTO_MODEL_CAPTURE is not of the form {"${provider}model": {"logprobsMode": "processed_logprobs", "imageTokenId": 151655}} (each optional): correct it, or unset it to record text only.`,
    };
  }
  if (Object.keys(read.data).every((name) => name.startsWith(provider))) return { capture: read.data, problem: null };
  return {
    capture: {},
    problem: `PENTIMENTO_MODEL_CAPTURE names a model of a provider that gives no token ids: correct it to name only models of ${provider}, such as those that vLLM or SGLang serves.`,
  };
}
