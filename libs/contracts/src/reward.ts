import { z } from 'zod';
import { boxSchema, scoreSchema } from './primitives.ts';

/** One crop that the encoder saw, in target pixels, with its score s = (cos + 1) / 2. */
export const tileScoreSchema = z
  .strictObject({
    index: z.number().int().min(0),
    level: z
      .enum(['thumbnail', 'tile', 'window'])
      .describe('thumbnail and tile: of the published rule; window: at native scale, beside it.'),
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
 * The named terms of one candidate. `overall` = 0.9 visual + 0.1 alignment, `execution` = 1 where the code rendered
 * (VinciCoder, arXiv 2511.00391 section 3.2 and examples/reward_function/vincicoder.py). The other terms stand beside
 * that rule and are never mixed into it: 0 where nothing rendered, null where they cannot be known.
 */
export const rewardTermsSchema = z
  .strictObject({
    overall: scoreSchema,
    visual: scoreSchema,
    alignment: z.union([z.literal(0), z.literal(1)]),
    execution: z.union([z.literal(0), z.literal(1)]),
    worstTile: scoreSchema.describe('Lowest tile score: what the mean over tiles hides.'),
    lowQuantile: scoreSchema
      .nullable()
      .describe('0.1 quantile of the tile scores, linearly interpolated; null in records made before it.'),
    windows: scoreSchema
      .nullable()
      .describe('Mean score of windows at native scale; null where the tiles are at about native scale or above.'),
    size: scoreSchema
      .nullable()
      .describe('Share of the larger area that both sizes cover; null in records made before it.'),
    aspect: scoreSchema.nullable().describe('Smaller aspect ratio over the larger; null in records made before it.'),
    colour: scoreSchema.nullable().describe('Nearness in colour; null in records made before it.'),
    text: scoreSchema
      .nullable()
      .describe('1 less the normalised edit distance of the texts; null unless both texts are known.'),
    shiftTolerant: scoreSchema
      .nullable()
      .describe('Nearness at the best shift of a few pixels; null in records made before it.'),
  })
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
    ms: z.number().min(0),
  })
  .meta({ id: 'RewardRecord' });
export type RewardRecord = z.infer<typeof rewardRecordSchema>;

/** What people call the terms, wherever they read them. */
export const rewardTermNames: Record<keyof RewardTerms, string> = {
  overall: 'overall',
  visual: 'visual',
  alignment: 'alignment',
  execution: 'execution',
  worstTile: 'worst tile',
  lowQuantile: 'low quantile',
  windows: 'windows',
  size: 'size',
  aspect: 'aspect',
  colour: 'colour',
  text: 'text',
  shiftTolerant: 'shift-tolerant',
};

/** The terms that a job's threshold may read. The default is the published overall score. */
export const rewardProfiles = ['overall', 'visual', 'worstTile', 'lowQuantile', 'shiftTolerant'] as const;
export const rewardProfileSchema = z.enum(rewardProfiles).meta({ id: 'RewardProfile' });
export type RewardProfile = z.infer<typeof rewardProfileSchema>;

/** Scores of different encoders are not comparable: this says what a score was made with. */
export const rewardVersionSchema = rewardRecordSchema
  .pick({ version: true, encoder: true, preprocessing: true })
  .meta({ id: 'RewardVersion' });
export type RewardVersion = z.infer<typeof rewardVersionSchema>;

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
      .describe('Change of its score since the accepted step before; null at first.'),
  })
  .meta({ id: 'Patch' });
export type Patch = z.infer<typeof patchSchema>;
