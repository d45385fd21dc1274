import { z } from 'zod';
import { blobIdSchema, timestampSchema } from './primitives.ts';

export const textPartSchema = z.strictObject({ type: z.literal('text'), text: z.string() });
/** An image by blob: its bytes are sent to the model exactly as stored. */
export const imagePartSchema = z.strictObject({
  type: z.literal('image'),
  image: blobIdSchema,
  mediaType: z.string(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
});
export const messagePartSchema = z.discriminatedUnion('type', [textPartSchema, imagePartSchema]);
export type ImagePart = z.infer<typeof imagePartSchema>;
export type MessagePart = z.infer<typeof messagePartSchema>;

/** The template that a prompt was written by. */
export const promptTemplateSchema = z.strictObject({
  set: z.string().describe('Id of the prompt set, `policy.promptSet`.'),
  name: z.enum(['draft', 'repair', 'refine', 'rewrite', 'recombine']),
  version: z.number().int().min(1).describe('Version of the prompt set.'),
  hash: z.string().describe('SHA-256, in hex, of the texts of the template.'),
});
export type PromptTemplate = z.infer<typeof promptTemplateSchema>;

/** What one model call sends. Images are blob ids; nothing here is base64. */
export const promptSchema = z
  .strictObject({
    template: promptTemplateSchema
      .optional()
      .describe('Absent in prompts that were stored before there were templates.'),
    instructions: z.string(),
    messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.array(messagePartSchema) })),
  })
  .meta({ id: 'Prompt' });
export type Prompt = z.infer<typeof promptSchema>;

/** What a model's server takes in one request; Infinity where no bound is known. */
export interface ModelLimits {
  images: number;
  /** Of prompt and reply together. */
  contextTokens: number;
}

const tokensPerImage = 96;
const pixelsPerToken = 750;
const charactersPerToken = 3;

/** A cautious estimate: models count between 2.5 and 4 characters of code a token. */
export const estimateTextTokens = (characters: number): number => Math.ceil(characters / charactersPerToken);

/** A cautious estimate: 750 pixels a token (Anthropic; Qwen-VL has 784), and some for what the prompt says about an image. */
export const estimateImageTokens = ({ width, height }: { width: number; height: number }): number =>
  tokensPerImage + Math.ceil((width * height) / pixelsPerToken);

export function estimateTokens({ instructions, messages }: Prompt): number {
  const parts = messages.flatMap(({ content }) => content);
  return parts.reduce(
    (sum, part) => sum + (part.type === 'text' ? estimateTextTokens(part.text.length) : estimateImageTokens(part)),
    estimateTextTokens(instructions.length),
  );
}

export const usageSchema = z
  .strictObject({
    inputTokens: z.number().int().min(0).nullable(),
    outputTokens: z.number().int().min(0).nullable(),
    cost: z
      .number()
      .min(0)
      .nullable()
      .describe('US dollars by the configured prices or else the list prices; null where the model has neither.'),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usageSchema>;

export const modelFailureKinds = [
  'not_configured',
  'unauthorized',
  'rate_limited',
  'overloaded',
  'timeout',
  'cut_off',
  'refused',
  'bad_response',
  'bad_request',
  'unreachable',
] as const;
export const modelFailureKindSchema = z.enum(modelFailureKinds).meta({ id: 'ModelFailureKind' });
export type ModelFailureKind = z.infer<typeof modelFailureKindSchema>;

/** How the server made the log-probabilities: before or after temperature and top-p (vLLM's --logprobs-mode). */
export const logprobsModeSchema = z.enum(['raw_logprobs', 'processed_logprobs']);

/** vLLM sends this where it has no log-probability. */
export const missingLogprob = -9999;

/**
 * The tokens of one call as its server counted and sampled them. They are known at generation time only: text does not encode back
 * to the same ids for certain.
 */
export const tokenRecordSchema = z
  .strictObject({
    promptTokenIds: z
      .array(z.number().int().min(0))
      .min(1)
      .describe('After the chat template, with the placeholders of images expanded.'),
    completionTokenIds: z.array(z.number().int().min(0)).min(1),
    logprobs: z.array(z.number().max(0).gt(missingLogprob)).describe('Natural logarithms, one a completion token.'),
    logprobsMode: logprobsModeSchema.nullable().describe('As configured; null where it is not known.'),
    imagePlaceholders: z
      .array(
        z.strictObject({
          offset: z.number().int().min(0),
          length: z.number().int().min(1),
          image: blobIdSchema,
        }),
      )
      .nullable()
      .describe('The prompt tokens that stand for each image of the prompt, in order; null where they are not known.'),
  })
  .refine(({ completionTokenIds, logprobs }) => logprobs.length === completionTokenIds.length, {
    message: 'There must be one log-probability a completion token.',
    path: ['logprobs'],
  })
  .meta({ id: 'TokenRecord' });
export type TokenRecord = z.infer<typeof tokenRecordSchema>;

/** How much of a call is known. It is never guessed: what lacks one token is `text_only`. */
export const captureSchema = z
  .discriminatedUnion('level', [
    z.strictObject({ level: z.literal('token_exact'), tokens: blobIdSchema.describe('JSON of a TokenRecord.') }),
    z.strictObject({ level: z.literal('text_only'), reason: z.string().describe('Why, in one sentence.') }),
  ])
  .meta({ id: 'Capture' });

/**
 * One model call as recorded the moment its reply is there, before anything is done with it: a recorded call is
 * never made again. `prompt` and `reply` are blobs (JSON of a Prompt; the reply's text exactly as received).
 */
export const modelCallSchema = z
  .strictObject({
    iteration: z.number().int().min(0),
    candidate: z.number().int().min(0),
    model: z.string().describe('The model as asked for, "provider/model".'),
    prompt: blobIdSchema,
    reply: blobIdSchema,
    reasoning: blobIdSchema
      .nullable()
      .describe('What the model thought before it answered, apart from the reply; null where there is none.'),
    capture: captureSchema,
    finishReason: z.string(),
    usage: usageSchema,
    served: z.strictObject({
      model: z.string().nullable().describe("The server's own name of the model."),
      id: z.string().nullable().describe("The server's id of the response."),
      fingerprint: z.string().nullable(),
      weightVersion: z.string().nullable().describe("The server's version of the model's weights."),
    }),
    sampling: z.strictObject({
      temperature: z.number().nullable(),
      seed: z.number().int().nullable(),
      maxOutputTokens: z.number().int().nullable(),
    }),
    attempts: z.number().int().min(1),
    ms: z.number().min(0),
  })
  .meta({ id: 'ModelCall' });
export type ModelCall = z.infer<typeof modelCallSchema>;

/** A model call that gave no reply, after the client's own retries. */
export const modelFailureSchema = z
  .strictObject({
    kind: modelFailureKindSchema,
    message: z.string(),
    attempts: z.number().int().min(1),
  })
  .meta({ id: 'ModelFailure' });
export type ModelFailure = z.infer<typeof modelFailureSchema>;

/** A model call that failed as recorded: what was asked, and why there is no reply. A position may have several. */
export const failedCallSchema = z
  .strictObject({
    iteration: z.number().int().min(0),
    candidate: z.number().int().min(0),
    model: modelCallSchema.shape.model,
    prompt: blobIdSchema,
    sampling: modelCallSchema.shape.sampling,
    failure: modelFailureSchema,
    at: timestampSchema,
  })
  .meta({ id: 'FailedCall' });
export type FailedCall = z.infer<typeof failedCallSchema>;

export interface ModelRequest {
  /** "provider/model". */
  model: string;
  prompt: Prompt;
  sampling: ModelCall['sampling'];
}

export interface ModelReply {
  /** Exactly as received. */
  text: string;
  /** Exactly as received; empty where there is none. */
  reasoning: string;
  capture: { level: 'token_exact'; tokens: TokenRecord } | Extract<ModelCall['capture'], { level: 'text_only' }>;
  /** The AI SDK's unified reason of a reply that came whole: "stop", "length" or "other". */
  finishReason: string;
  usage: Usage;
  served: ModelCall['served'];
  attempts: number;
  /** Milliseconds from the first request to the whole reply, waits between attempts included. */
  ms: number;
}

/** What a model call comes to. Failure is a value; an exception is an abort or an outage of our own. */
export type ModelOutcome = { ok: true; reply: ModelReply } | { ok: false; failure: ModelFailure };
