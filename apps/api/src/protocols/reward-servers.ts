import { maxRewardItems } from '@pentimento/api-contracts';
import { labelSchema, publishedTermsSchema, scoreSchema, uploadLimits } from '@pentimento/contracts';
import { z } from 'zod';

const tooMany = `Send at most ${maxRewardItems} in one request.`;
/** Longest prompt and reply: a prompt of a tokenizer has no image, and of a reply the first megabyte is read. */
const maxTextLength = 4 * uploadLimits.codeBytes;
const text = z.string().max(maxTextLength, `Shorten it to at most ${maxTextLength} characters.`);
const atLeastOne = 'Send at least one.';
const texts = z.array(text).min(1, atLeastOne).max(maxRewardItems, tooMany);

/** OpenRLHF/OpenRLHF:openrlhf/utils/agent.py, `_fetch_rewards_via_http`. */
export const openRlhfRequestSchema = z
  .looseObject({
    query: texts.describe('Each prompt with its reply, as the tokenizer decodes them with special tokens.'),
    prompts: z.array(text).describe('Each prompt alone.'),
    labels: z.array(labelSchema).describe('A ground truth for each query.'),
  })
  .refine(
    ({ query, prompts, labels }) => query.length === prompts.length && query.length === labels.length,
    'Send as many prompts and labels as queries.',
  )
  .meta({ id: 'OpenRlhfRequest' });
export type OpenRlhfRequest = z.infer<typeof openRlhfRequestSchema>;

const scores = z.array(scoreSchema);
const partsSchema = publishedTermsSchema.omit({ overall: true });

export const openRlhfResponseSchema = z
  .strictObject({
    rewards: scores,
    scores,
    extra_logs: z.strictObject({ visual: scores, alignment: scores, execution: scores }),
  })
  .meta({ id: 'OpenRlhfResponse' });
export type OpenRlhfResponse = z.infer<typeof openRlhfResponseSchema>;

/** THUDM/slime:slime/rollout/rm_hub/__init__.py, `remote_rm`. */
export const slimeRequestSchema = z
  .looseObject({
    prompt: z.unknown().optional(),
    response: text,
    label: labelSchema.describe('The ground truth.'),
  })
  .meta({ id: 'SlimeRequest' });
export type SlimeRequest = z.infer<typeof slimeRequestSchema>;

export const slimeQuerySchema = z.object({
  reply: z
    .enum(['number', 'terms'])
    .default('number')
    .describe('number: the score alone; terms: an object with it as `score`, for --reward-key score.'),
});
export type SlimeQuery = z.infer<typeof slimeQuerySchema>;

export const slimeResponseSchema = z
  .union([scoreSchema, partsSchema.extend({ score: scoreSchema })])
  .meta({ id: 'SlimeResponse' });
export type SlimeResponse = z.infer<typeof slimeResponseSchema>;

/** hiyouga/LLaMA-Factory:src/llamafactory/train/ppo/ppo_utils.py, `get_rewards_from_server`; src/llamafactory/api/protocol.py. */
export const llamaFactoryRequestSchema = z
  .looseObject({
    model: z.string(),
    messages: z
      .array(z.string())
      .min(1, atLeastOne)
      .max(maxRewardItems, tooMany)
      .describe('Each prompt with its reply. The prompt ends with <pentimento>GROUND TRUTH</pentimento>.'),
  })
  .meta({ id: 'LlamaFactoryRequest' });
export type LlamaFactoryRequest = z.infer<typeof llamaFactoryRequestSchema>;

export const llamaFactoryResponseSchema = z
  .strictObject({ id: z.string(), object: z.literal('score.evaluation'), model: z.string(), scores })
  .meta({ id: 'LlamaFactoryResponse' });
export type LlamaFactoryResponse = z.infer<typeof llamaFactoryResponseSchema>;

/** NVIDIA-NeMo/Gym:nemo_gym/base_resources_server.py, `BaseVerifyRequest`. Everything is sent back. */
export const nemoVerifyRequestSchema = z
  .looseObject({
    responses_create_params: z
      .looseObject({ input: z.union([z.string(), z.array(z.unknown())]) })
      .describe('Its first input_image is the target where the ground truth names none.'),
    response: z.looseObject({ output: z.array(z.unknown()) }),
    verifier_metadata: labelSchema.describe('The ground truth.'),
  })
  .meta({ id: 'NemoVerifyRequest' });
export type NemoVerifyRequest = z.infer<typeof nemoVerifyRequestSchema>;

/** `BaseMultiRewardVerifyResponse`: the components are at the top level too, where Gym aggregates them. */
export const nemoVerifyResponseSchema = z
  .looseObject({ ...partsSchema.shape, reward: scoreSchema, reward_components: partsSchema })
  .meta({ id: 'NemoVerifyResponse' });
export type NemoVerifyResponse = z.infer<typeof nemoVerifyResponseSchema>;

/** `BaseSeedSessionRequest` with whatever the row has. */
export const nemoSeedSessionRequestSchema = z.looseObject({}).meta({ id: 'NemoSeedSessionRequest' });
export const nemoSeedSessionResponseSchema = z.strictObject({}).meta({ id: 'NemoSeedSessionResponse' });
