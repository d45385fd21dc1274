import { z } from 'zod';
import { boxSchema, candidateIdSchema, scoreSchema, timestampSchema } from './primitives.ts';

/** One crop that the encoder saw, in target pixels, with its score s = (cos + 1) / 2. */
export const tileScoreSchema = z
  .strictObject({
    index: z.number().int().min(0),
    level: z
      .enum(['thumbnail', 'tile', 'window'])
      .describe('thumbnail and tile: of the published rule; window: in addition, at native scale.'),
    box: boxSchema,
    score: scoreSchema,
  })
  .meta({ id: 'TileScore' });
export type TileScore = z.infer<typeof tileScoreSchema>;

/** Similarity below tile size: a regular grid over the whole target, row-major, `columns * rows` scores in 0..1. */
export const scoreMapSchema = z
  .strictObject({
    columns: z.number().int().min(1),
    rows: z.number().int().min(1),
    scores: z.array(scoreSchema),
  })
  .refine((map) => map.scores.length === map.columns * map.rows, 'A score map has columns * rows scores.')
  .meta({ id: 'ScoreMap' });
export type ScoreMap = z.infer<typeof scoreMapSchema>;

/**
 * How transparency and palettes are treated. `flatten-white` composites both images on white and resizes colors. `reference` does as the
 * published reward: the target is resized in its own color mode and loses its alpha afterwards, the render loses it first.
 */
export const alphaModes = ['flatten-white', 'reference'] as const;
export const alphaModeSchema = z.enum(alphaModes).meta({ id: 'AlphaMode' });
export type AlphaMode = z.infer<typeof alphaModeSchema>;

/**
 * The published terms of one candidate: `overall` = 0.9 visual + 0.1 alignment, `execution` = 1 where the code rendered
 * (VinciCoder, arXiv 2511.00391 section 3.2 and examples/reward_function/vincicoder.py).
 */
export const publishedTermsSchema = z.object({
  overall: scoreSchema,
  visual: scoreSchema,
  alignment: z.union([z.literal(0), z.literal(1)]),
  execution: z.union([z.literal(0), z.literal(1)]),
});
export type PublishedTerms = z.infer<typeof publishedTermsSchema>;

/** The published terms, and additional ones that are never mixed into them. Null means unknown. */
export const rewardTermsSchema = publishedTermsSchema
  .catchall(scoreSchema.nullable())
  .describe(
    'The terms by id. The published ones are always there; `GET /v1/rewards/terms` describes the others, which are null where they cannot be known, and may be missing in records made before they existed.',
  )
  .meta({ id: 'RewardTerms' });
export type RewardTerms = z.infer<typeof rewardTermsSchema>;

export const rewardRecordSchema = z
  .strictObject({
    version: z.string().describe('Version of the terms and of their computation.'),
    encoder: z.strictObject({ id: z.string(), sha256: z.string() }),
    preprocessing: z.string().describe('Version of decoding, resizing and tiling.'),
    terms: rewardTermsSchema,
    tiles: z.array(tileScoreSchema).describe('Empty where nothing rendered.'),
    windows: z.array(tileScoreSchema).describe('Windows at native scale; empty where the term is null.'),
    shift: z
      .strictObject({ x: z.number().int(), y: z.number().int() })
      .nullable()
      .describe(
        "How far the render lies to the right of and below the target, in the target's pixels; null where nothing rendered.",
      ),
    map: scoreMapSchema.nullable().describe('Null where nothing rendered.'),
    empty: z
      .boolean()
      .default(false)
      .describe('The render shows nothing at all, and the target something; the terms are the published ones.'),
    ms: z.number().min(0),
  })
  .meta({ id: 'RewardRecord' });
export type RewardRecord = z.infer<typeof rewardRecordSchema>;

export const rewardTermIdSchema = z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be the id of a term');

/** The words of a term's id, for text where its label is not at hand: "worst tile" of worstTile. */
export function termWords(id: string): string {
  return id.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A term as the registry of the reward describes it. */
export const rewardTermInfoSchema = z
  .strictObject({
    id: rewardTermIdSchema.describe('Its key in the terms of a record.'),
    label: z.string().describe('What people read.'),
    description: z.string().describe('What it looks at, in a few words.'),
    threshold: z.boolean().describe("Whether a job's threshold may read it (`policy.profile`)."),
    published: z.boolean().describe('Whether it belongs to the published rule.'),
  })
  .meta({ id: 'RewardTermInfo' });
export type RewardTermInfo = z.infer<typeof rewardTermInfoSchema>;

export const rewardTermPageSchema = z
  .strictObject({ data: z.array(rewardTermInfoSchema) })
  .meta({ id: 'RewardTermPage' });
export type RewardTermPage = z.infer<typeof rewardTermPageSchema>;

/** Scores of different encoders are not comparable: this says what a score was made with. */
export const rewardVersionSchema = rewardRecordSchema
  .pick({ version: true, encoder: true, preprocessing: true })
  .meta({ id: 'RewardVersion' });
export type RewardVersion = z.infer<typeof rewardVersionSchema>;

/** One text for what scores must share to be comparable. */
export const rewardVersionId = ({ version, encoder, preprocessing }: RewardVersion): string =>
  `${version}/${encoder.id}@${encoder.sha256.slice(0, 12)}/${preprocessing}`;

/** A reward of another version than the one by which the loop decided. It is added and replaces nothing. */
export const rescoreSchema = z
  .strictObject({ candidate: candidateIdSchema, reward: rewardRecordSchema, at: timestampSchema })
  .meta({ id: 'Rescore' });
export type Rescore = z.infer<typeof rescoreSchema>;

/** What `POST /v1/candidates/{id}/rescores` answers. */
export const rescoreResultSchema = rescoreSchema
  .omit({ at: true })
  .extend({ added: z.boolean().describe('False where the candidate had a score of this version, which stays.') })
  .meta({ id: 'RescoreResult' });
export type RescoreResult = z.infer<typeof rescoreResultSchema>;

export const rescorePageSchema = z.strictObject({ data: z.array(rescoreSchema) }).meta({ id: 'RescorePage' });

/** A region of the target, ranked by the score lost in it, that is given back to the model. */
export const patchSchema = z
  .strictObject({
    rank: z.number().int().min(1),
    box: boxSchema,
    score: scoreSchema,
    lostShare: z.number().min(0).max(1).describe('Share of the whole lost score that lies in the box.'),
    change: z
      .number()
      .min(-1)
      .max(1)
      .nullable()
      .describe(
        'Change of its score against the parent of the candidate that the prompt starts from; null where it has none.',
      ),
    words: z
      .string()
      .optional()
      .describe('What a person wants to be fixed in it; absent where the score map chose it.'),
  })
  .meta({ id: 'Patch' });
export type Patch = z.infer<typeof patchSchema>;
