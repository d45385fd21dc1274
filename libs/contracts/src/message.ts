import { z } from 'zod';
import { blobIdSchema } from './primitives.ts';

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

/** What one model call sends. Images are blob ids; nothing here is base64. */
export const promptSchema = z
  .strictObject({
    instructions: z.string(),
    messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.array(messagePartSchema) })),
  })
  .meta({ id: 'Prompt' });
export type Prompt = z.infer<typeof promptSchema>;

export const usageSchema = z
  .strictObject({
    inputTokens: z.number().int().min(0).nullable(),
    outputTokens: z.number().int().min(0).nullable(),
    cost: z.number().min(0).nullable().describe('US dollars by the configured prices; null where none are configured.'),
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
    finishReason: z.string(),
    usage: usageSchema,
    served: z.strictObject({
      model: z.string().nullable().describe("The server's own name of the model."),
      id: z.string().nullable().describe("The server's id of the response."),
      fingerprint: z.string().nullable(),
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

export interface ModelRequest {
  /** "provider/model". */
  model: string;
  prompt: Prompt;
  sampling: ModelCall['sampling'];
}

export interface ModelReply {
  /** Exactly as received. */
  text: string;
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
