import { z } from 'zod';
import {
  createJobSchema,
  replyParseStatusSchema,
  verdictSchema,
  episodeSchema,
  modelNameSchema,
  policyVersionSchema,
  printable,
  sessionIdSchema,
  modelCallSchema,
  textPartSchema,
  tokenRecordSchema,
  policySchema,
  requestedPolicy,
  blobIdSchema,
  candidateIdSchema,
  jobIdSchema,
  scoreSchema,
  timestampSchema,
  renderFailureKindSchema,
  patchSchema,
  rewardTermsSchema,
  jobStatusSchema,
  stopReasonSchema,
} from '@pentimento/contracts';

/** Most bytes of the JSON of a reset or a step: a target as data, or a reply with its tokens. */
export const maxEnvironmentRequestBytes = 32 * 1024 * 1024;

/** Above any turn that a policy allows. */
const maxTurn = 10_000;

export const sessionParamSchema = z.strictObject({ id: sessionIdSchema });

/** Only a round of one candidate can be answered by one reply. */
const sessionPolicySchema = policySchema.extend({
  candidates: z
    .literal(
      1,
      'An episode takes one reply a turn: leave candidates out, and open a session for each member of a group.',
    )
    .default(1),
});

/** The name of who writes the replies. A name of the built-in model would claim that its code is trusted. */
const writerSchema = modelNameSchema
  .regex(printable, 'Leave out control characters.')
  .refine(
    (name) => !name.startsWith('builtin/'),
    'The replies come from you and not from the built-in model: name your own, e.g. "policy/step-120".',
  );

/** `POST /v1/environments/{id}/reset`: the task of a new episode. */
export const resetEnvironmentSchema = z
  .strictObject({
    ...createJobSchema.omit({ target: true, model: true, policy: true }).shape,
    target: z
      .strictObject({
        blob: blobIdSchema.optional().describe('Id of an image put with POST /v1/blobs.'),
        data: z.base64().optional().describe('PNG, JPEG or WebP bytes.'),
      })
      .refine(({ blob, data }) => (blob === undefined) !== (data === undefined), 'Give the image as blob or as data.'),
    policy: requestedPolicy(sessionPolicySchema).prefault({}),
    model: writerSchema
      .default('external/policy')
      .describe('Who writes the replies, e.g. "policy/step-120". It is recorded, not called.'),
    group: episodeSchema.shape.group.default(null),
    images: z
      .enum(['data', 'blobs'])
      .default('data')
      .describe('How messages show images: as data URLs, or as addresses of the form /v1/blobs/ID.'),
  })
  .meta({ id: 'ResetEnvironment' });
export type ResetEnvironment = z.infer<typeof resetEnvironmentSchema>;
export type ResetEnvironmentInput = z.input<typeof resetEnvironmentSchema>;

const { served, sampling } = modelCallSchema.shape;

/** `POST /v1/environments/{id}/step`: the reply to the open prompt. */
export const stepEnvironmentSchema = z
  .strictObject({
    turn: z
      .number()
      .int()
      .min(0)
      .max(maxTurn)
      .describe('The turn of the prompt that is answered, as the last answer named it.'),
    reply: z.string().describe('The whole reply. One without code is scored like any other.'),
    reasoning: z.string().default('').describe('What the model thought before it answered. It is recorded, not read.'),
    tokens: tokenRecordSchema
      .optional()
      .describe('Makes the recorded call token_exact, and counts as its usage. Absent: text_only.'),
    finishReason: z
      .string()
      .min(1)
      .max(100)
      .default('stop')
      .describe('"length" where the reply reached its length limit.'),
    served: served.partial().optional().describe('What the server of the model says of itself.'),
    sampling: sampling.partial().optional().describe('As the reply was sampled.'),
  })
  .meta({ id: 'StepEnvironment' });
export type StepEnvironment = z.infer<typeof stepEnvironmentSchema>;
export type StepEnvironmentInput = z.input<typeof stepEnvironmentSchema>;

/** A message in the form of OpenAI's chat completions. */
export const chatMessageSchema = z
  .strictObject({
    role: z.enum(['system', 'user', 'assistant']),
    content: z.union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [
          textPartSchema,
          z.strictObject({
            type: z.literal('image_url'),
            image_url: z.strictObject({ url: z.string().describe('A data URL, or /v1/blobs/ID.') }),
          }),
        ]),
      ),
    ]),
  })
  .meta({ id: 'ChatMessage' });
export type ChatMessage = z.infer<typeof chatMessageSchema>;

const turnShape = {
  session: sessionIdSchema,
  job: jobIdSchema.describe('The job that the episode is recorded as.'),
  turn: z
    .number()
    .int()
    .min(0)
    .describe('The turn that the next step names: how many replies of the episode have been taken.'),
  messages: z
    .array(chatMessageSchema)
    .describe('The open prompt, instructions first; empty where the episode has ended.'),
  images: z
    .array(z.strictObject({ image: blobIdSchema, width: z.number().int().min(1), height: z.number().int().min(1) }))
    .describe('The images of the open prompt, in the order in which messages show them. The target is the first.'),
  patches: z.array(patchSchema).describe('What the open prompt asks to fix, worst first.'),
  candidate: candidateIdSchema
    .nullable()
    .describe('What the reply became. Null, like the next six, of a reset and of a reply that was not scored.'),
  reward: scoreSchema.nullable().describe('The overall score of the reply.'),
  terms: rewardTermsSchema.nullable().describe('Every term of the score.'),
  verdict: verdictSchema.nullable(),
  parseStatus: replyParseStatusSchema.nullable(),
  render: blobIdSchema.nullable().describe('The render of the code; null also where it did not render.'),
  failure: renderFailureKindSchema.nullable().describe('Why it did not render; null also where it did.'),
  best: scoreSchema.nullable().describe('The best overall score of the episode so far; null while nothing rendered.'),
  done: z.boolean().describe('The episode has ended.'),
  stop: z
    .strictObject({ reason: stopReasonSchema, detail: z.string() })
    .nullable()
    .describe('Why it ended; null while it goes on.'),
};

/** The answer to a reset or a step: what became of the reply, and the next prompt. */
export const environmentTurnSchema = z.strictObject(turnShape).meta({ id: 'EnvironmentTurn' });
export type EnvironmentTurn = z.infer<typeof environmentTurnSchema>;

/** `GET /v1/environments/{id}`: the answer to the last reset or step, and the state of the episode. */
export const environmentStateSchema = z
  .strictObject({
    ...turnShape,
    ...episodeSchema.omit({ session: true }).shape,
    policyVersion: policyVersionSchema,
    model: modelNameSchema,
    status: jobStatusSchema,
    expiresAt: timestampSchema
      .nullable()
      .describe('When the episode is ended if no step comes; null unless it waits for one.'),
  })
  .meta({ id: 'EnvironmentState' });
export type EnvironmentState = z.infer<typeof environmentStateSchema>;
