import {
  createJobSchema,
  jobErrorSchema,
  jobIdSchema,
  jobStatusSchema,
  languageSchema,
  outcomeSchema,
  policySchema,
  requestedPolicy,
  scoreSchema,
  stopReasonSchema,
} from '@pentimento/contracts';
import { z } from 'zod';

/** Maximum bytes of the JSON of a chat completion: an image as data in base64, and the text of a conversation. */
export const maxChatRequestBytes = 32 * 1024 * 1024;

/** Clients send null for what they leave out. */
const orNull = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value): z.output<T> | undefined => value ?? undefined);

const partSchema = z.looseObject({
  type: z.string().max(100),
  text: z.string().optional(),
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]).optional(),
});
export type ChatRequestPart = z.infer<typeof partSchema>;

const messageSchema = z.looseObject({
  role: z.enum(
    ['system', 'developer', 'user', 'assistant'],
    'A message is of the role system, developer, user or assistant: leave out what tools say.',
  ),
  content: orNull(z.union([z.string(), z.array(partSchema)])),
});
export type ChatRequestMessage = z.infer<typeof messageSchema>;

/** The limit of one reply has no default here, so that `max_completion_tokens` counts where the policy names none. */
const chatPolicySchema = policySchema.extend({
  maxOutputTokens: policySchema.shape.maxOutputTokens.removeDefault().optional(),
});

/** The field `pentimento` of a request: what the protocol has no word for. */
const chatOptionsSchema = z
  .strictObject({
    ...createJobSchema.pick({ name: true, deviceScale: true, policyVersion: true }).shape,
    language: languageSchema.optional().describe('Of the code. Where absent, the model or the conversation names it.'),
    image: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        'Which image of the newest message with images is the target, from 1. It may be left out for one image.',
      ),
    policy: requestedPolicy(chatPolicySchema).prefault({}),
    budget: createJobSchema.shape.budget.unwrap().optional(),
  })
  .meta({ id: 'ChatOptions' });

const { temperature, seed } = policySchema.shape;
const outputTokens = chatPolicySchema.shape.maxOutputTokens;

/**
 * `POST /v1/chat/completions` in the form of OpenAI's API. Fields that are not here are ignored: they say how a reply is sampled or billed,
 * and the prompts of a job are its own.
 */
export const chatRequestSchema = z
  .looseObject({
    model: z
      .string()
      .max(300)
      .describe('`provider/model`, `pentimento/LANGUAGE:provider/model` or `pentimento/LANGUAGE`.'),
    messages: z
      .array(messageSchema)
      .min(1, 'Send a message with the image and what to do with it.')
      .describe(
        'The newest image of the user is the target; the last block of code of the assistant is the initial code.',
      ),
    stream: orNull(z.boolean()),
    stream_options: orNull(z.looseObject({ include_usage: orNull(z.boolean()) })),
    temperature: orNull(temperature).describe('Of the calls of the job; so is the seed.'),
    seed: orNull(seed),
    max_completion_tokens: orNull(outputTokens).describe('Limit of one reply of the model, not of the answer.'),
    max_tokens: orNull(outputTokens).describe('The older name of max_completion_tokens.'),
    n: orNull(z.literal(1, 'A job has one best candidate: leave out n.')),
    logprobs: orNull(
      z.literal(false, 'The answer is no sampled text, so it has no log-probabilities: leave out logprobs.'),
    ),
    response_format: orNull(
      z.looseObject({
        type: z.literal('text', 'The answer is code in a fenced block: leave out response_format.'),
      }),
    ),
    tool_choice: orNull(z.enum(['auto', 'none'], 'The answer is code and calls no tools: leave out tool_choice.')),
    function_call: orNull(
      z.enum(['auto', 'none'], 'The answer is code and calls no functions: leave out function_call.'),
    ),
    modalities: orNull(z.array(z.literal('text', 'The answer is text: leave out modalities.'))),
    pentimento: orNull(chatOptionsSchema).describe('Options of the job; SDKs send it as an extra field of the body.'),
  })
  .meta({ id: 'ChatRequest' });
export type ChatRequest = z.infer<typeof chatRequestSchema>;

const count = z.number().int().min(0);

const chatUsageSchema = z
  .strictObject({ prompt_tokens: count, completion_tokens: count, total_tokens: count })
  .describe('Tokens of all calls of the job.');
export type ChatUsage = z.infer<typeof chatUsageSchema>;

/** What an answer says of its job. */
const chatJobSchema = z
  .strictObject({
    job: jobIdSchema,
    status: jobStatusSchema,
    outcome: outcomeSchema.nullable(),
    stopReason: stopReasonSchema.nullable(),
    stopDetail: z.string().nullable(),
    language: languageSchema,
    score: scoreSchema.nullable().describe('The overall score of the best candidate.'),
    iterations: count,
    error: jobErrorSchema
      .nullable()
      .describe('Why the job ended early, where it did: the answer is then the best until there.'),
    links: z.strictObject({ self: z.string(), web: z.string() }),
  })
  .meta({ id: 'ChatJob' });
export type ChatJob = z.infer<typeof chatJobSchema>;

export const chatCompletionSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: count.describe('When the job was submitted, seconds since 1970.'),
    model: z.string().describe('As it was asked for.'),
    choices: z.tuple([
      z.strictObject({
        index: z.literal(0),
        message: z.strictObject({
          role: z.literal('assistant'),
          content: z.string().describe('The best code, in one fenced block.'),
          refusal: z.null(),
        }),
        logprobs: z.null(),
        finish_reason: z.literal('stop'),
      }),
    ]),
    usage: chatUsageSchema,
    pentimento: chatJobSchema,
  })
  .meta({ id: 'ChatCompletion' });
export type ChatCompletion = z.infer<typeof chatCompletionSchema>;
