import { z } from 'zod';
import {
  alphaModeSchema,
  blobIdSchema,
  deviceScaleSchema,
  jobIdSchema,
  scoreSchema,
  wellFormed,
  uploadLimits,
  languageSchema,
  bitmapShareSchema,
  moleculeSchema,
  problemSchema,
  renderFailureKindSchema,
  rewardRecordSchema,
  rewardVersionSchema,
  renderSizeSchema,
} from '@pentimento/contracts';

/** Most items in one request. */
export const maxRewardItems = 256;
/** Most bytes of one request's JSON. */
export const maxRewardRequestBytes = 64 * 1024 * 1024;

const base64Image = z.base64().describe('PNG, JPEG or WebP bytes.');
const boundedText = z
  .string()
  .max(uploadLimits.codeBytes, `Shorten it to at most ${uploadLimits.codeBytes} characters.`);

const givenText = wellFormed(boundedText);

/** The code that search/replace edits apply to, named by its blob or given. */
const baseSchema = z
  .strictObject({ blob: blobIdSchema.optional(), code: givenText.optional() })
  .refine(({ blob, code }) => (blob === undefined) !== (code === undefined), 'Give the code as blob or as code.');

/**
 * How a reply is read. `published`: alignment and code are those of the published rule, letter by letter. `lenient`: the code is what the loop
 * finds in the reply, and alignment is 1 where it finds any.
 */
export const alignmentRules = ['published', 'lenient'] as const;
const alignmentRuleSchema = z.enum(alignmentRules).meta({ id: 'AlignmentRule' });
export type AlignmentRule = z.infer<typeof alignmentRuleSchema>;

/** One reply, code or image to score against one target. Exactly one of `response`, `code` and `image`. */
export const rewardItemSchema = z
  .strictObject({
    id: z.string().min(1).max(200),
    jobId: jobIdSchema.optional().describe('The target of this job is the reference.'),
    reference: z
      .strictObject({
        blob: blobIdSchema.optional(),
        data: base64Image.optional(),
        text: givenText.optional().describe('Text that the target shows, where known: the text term needs it.'),
        code: givenText.optional().describe("The target's own code, where known: a molecule is compared with it."),
      })
      .refine(({ blob, data }) => (blob === undefined) !== (data === undefined), 'Give the image as blob or as data.')
      .optional(),
    language: languageSchema.optional().describe('Of the code or the response. An image needs none.'),
    response: boundedText.optional().describe('The whole reply of a model: alignment and code are read from it.'),
    base: baseSchema
      .optional()
      .describe(
        'The code that the response may edit, for replies to prompts that ask for edits. Without it none are applied.',
      ),
    code: givenText.optional(),
    image: base64Image.optional().describe('The render itself.'),
    text: givenText.optional().describe('Text that the given image shows, where known; of code it is read.'),
    alignment: z
      .union([z.literal(0), z.literal(1)])
      .optional()
      .describe('Of code or an image, whose reply is not here: 1 where absent. Of a response it is read.'),
    alignmentRule: alignmentRuleSchema
      .optional()
      .describe("By which rule the response is read; the server's where absent, which is `published` unless set."),
    alpha: alphaModeSchema
      .optional()
      .describe(
        "How transparency and palettes are treated; the server's where absent. `reference` is the published way.",
      ),
    viewport: renderSizeSchema.optional().describe("The size to render at; the reference's where absent."),
    deviceScale: deviceScaleSchema
      .optional()
      .describe("Device pixels a CSS pixel of the page that the reference shows; the job's where absent, 1 of no job."),
  })
  .refine(({ jobId, reference }) => (jobId === undefined) !== (reference === undefined), 'Give jobId or reference.')
  .refine(
    ({ response, code, image }) => [response, code, image].filter((part) => part !== undefined).length === 1,
    'Give one of response, code and image.',
  )
  .refine(
    ({ base, response }) => base === undefined || response !== undefined,
    'Leave out base, or give a response: only a response edits code.',
  )
  .refine(({ image, language }) => image !== undefined || language !== undefined, 'Name the language of the code.')
  .meta({ id: 'RewardItem' });
export type RewardItem = z.infer<typeof rewardItemSchema>;

/** Each item is checked by itself: a wrong one is that item's status, not the request's. */
export const rewardRequestSchema = z
  .strictObject({
    rewardVersion: z
      .string()
      .optional()
      .describe('Refused where this server scores items that name no `alpha` by another version.'),
    deadlineMs: z.number().int().min(1).max(600_000).default(90_000),
    records: z.boolean().default(false).describe('Send the whole record with tiles and map, not only the terms.'),
    items: z.array(rewardItemSchema).min(1).max(maxRewardItems),
  })
  .meta({ id: 'RewardRequest' });
export type RewardRequest = z.infer<typeof rewardRequestSchema>;

/** The request as it is taken in: its items are checked one by one. */
export const rewardBatchSchema = z.strictObject({
  ...rewardRequestSchema.shape,
  items: z
    .array(z.unknown())
    .min(1, 'Send at least one item.')
    .max(maxRewardItems, `Send at most ${maxRewardItems} items in one request.`),
});
export type RewardBatch = z.infer<typeof rewardBatchSchema>;

/**
 * ok: scored. no_code: the reply holds no usable code of the language. edit_failed: the edits of the reply do not apply to its
 * base. not_rendered: the code does not render. invalid: the item, its image, reference or base is wrong. deadline: not reached
 * in time. unavailable: this server cannot render the language or score now. Only the first has a score; the next three have
 * the terms of the published rule.
 */
export const rewardItemStatuses = [
  'ok',
  'no_code',
  'edit_failed',
  'not_rendered',
  'invalid',
  'deadline',
  'unavailable',
] as const;
export const rewardItemStatusSchema = z.enum(rewardItemStatuses).meta({ id: 'RewardItemStatus' });
export type RewardItemStatus = z.infer<typeof rewardItemStatusSchema>;

const nullableTerms = z
  .object({
    overall: scoreSchema.nullable(),
    visual: scoreSchema.nullable(),
    alignment: scoreSchema.nullable(),
    execution: scoreSchema.nullable(),
  })
  .catchall(scoreSchema.nullable());

export const rewardResultSchema = z
  .strictObject({
    id: z.string(),
    status: rewardItemStatusSchema,
    score: scoreSchema
      .nullable()
      .describe('The overall score; null unless the status is ok: a failure is never a score.'),
    components: nullableTerms.describe(
      'Every term of the server, always the same keys. no_code, edit_failed and not_rendered: what the published rule gives; all null for invalid, deadline and unavailable.',
    ),
    empty: z
      .boolean()
      .describe('The render shows nothing at all, and the target something; the score is the published one.'),
    rewardVersion: z
      .string()
      .nullable()
      .describe(
        'What the terms were computed by, which `alpha` and `alignmentRule` are a part of; null where there are none.',
      ),
    record: rewardRecordSchema.nullable().describe('Null unless asked for and scored.'),
    molecule: moleculeSchema.nullable(),
    bitmapShare: bitmapShareSchema.default(null),
    error: z
      .strictObject({ kind: z.union([renderFailureKindSchema, z.literal('input')]).nullable(), message: z.string() })
      .nullable(),
    cached: z.boolean(),
    ms: z.number().min(0),
  })
  .meta({ id: 'RewardResult' });
export type RewardResult = z.infer<typeof rewardResultSchema>;

/** As many results as items, in their order. */
export const rewardResponseSchema = z
  .strictObject({ rewardVersion: z.string(), results: z.array(rewardResultSchema) })
  .meta({ id: 'RewardResponse' });
export type RewardResponse = z.infer<typeof rewardResponseSchema>;

/** The media type of a response whose lines are JSON objects, each as soon as it is there. */
export const rewardStreamMediaType = 'application/x-ndjson';

/**
 * A line of the streamed response: the results in the order in which they are there, then `end`. `error`: nothing follows, and what was not sent
 * may be asked for again. A stream that ends with neither was broken off.
 */
export const rewardStreamLineSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('result'),
      index: z.number().int().min(0).describe('Of the item in the request.'),
      result: rewardResultSchema,
    }),
    z.strictObject({ type: z.literal('end'), rewardVersion: z.string() }),
    z.strictObject({ type: z.literal('error'), problem: problemSchema }),
  ])
  .meta({ id: 'RewardStreamLine' });
export type RewardStreamLine = z.infer<typeof rewardStreamLineSchema>;

export const rewardVersionPageSchema = z
  .strictObject({
    data: z.array(rewardVersionSchema.extend({ id: z.string().describe('What `rewardVersion` names.') })),
  })
  .meta({ id: 'RewardVersionPage' });
export type RewardVersionPage = z.infer<typeof rewardVersionPageSchema>;
