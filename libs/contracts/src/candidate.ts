import { z } from 'zod';
import { blobIdSchema, candidateIdSchema, jobIdSchema, timestampSchema } from './primitives.ts';
import { modelCallSchema } from './message.ts';
import { renderRecordSchema } from './render.ts';
import { patchSchema, rewardRecordSchema } from './reward.ts';

/** What the prompt of an iteration asks for. */
export const iterationKinds = ['provided', 'draft', 'repair', 'refine', 'rewrite', 'edit'] as const;
export const iterationKindSchema = z
  .enum(iterationKinds)
  .describe(
    'provided: the initial code came with the job; draft: from the target alone; repair: nothing rendered yet; refine: edits; rewrite: all of the code from scratch; edit: no prompt, a person edited the code by hand.',
  )
  .meta({ id: 'IterationKind' });
export type IterationKind = z.infer<typeof iterationKindSchema>;

/** What parsing a reply gave: whole code, edits that applied, or why there is no code. */
export const replyParseStatuses = ['code', 'edits', 'no_code', 'edit_failed', 'cut_off', 'provided'] as const;
export const replyParseStatusSchema = z
  .enum(replyParseStatuses)
  .describe(
    'code: a whole fenced block; edits: search/replace blocks that applied; no_code: no fenced block of the language; edit_failed: a block did not apply; cut_off: the reply reached its length limit; provided: a person gave it, without a reply.',
  )
  .meta({ id: 'ReplyParseStatus' });
export type ReplyParseStatus = z.infer<typeof replyParseStatusSchema>;

export const verdicts = [
  'accepted',
  'no_gain',
  'not_best',
  'no_render',
  'no_code',
  'duplicate',
  'blank',
  'embedded_bitmap',
  'text_lost',
  'tile_lost',
  'lock_broken',
] as const;
/** Verdicts on a candidate that a guard holds back, whatever it scores. */
const guardVerdicts: readonly string[] = ['blank', 'embedded_bitmap', 'text_lost', 'tile_lost', 'lock_broken'];

export const isHeldBack = (verdict: string): boolean => guardVerdicts.includes(verdict);

export const verdictSchema = z
  .enum(verdicts)
  .describe(
    'accepted: kept, mostly as the new best; no_gain: not better than the best by minGain; not_best: a sibling was better; duplicate: same pixels as the best or a sibling; blank: draws nothing where the target shows something; embedded_bitmap: the code holds an image instead of drawing it. It gains, but a guard holds it back: text_lost, its text score fell; tile_lost, its worst tile score fell; lock_broken, a locked region got worse.',
  )
  .meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof verdictSchema>;

const parentsSchema = z
  .array(candidateIdSchema)
  .describe('The candidates that the prompt started from; empty for a draft. Edits apply to the code of the first.');
export const acceptedSchema = z
  .array(candidateIdSchema)
  .describe('The candidates that the search keeps, with the verdict "accepted".');

/** One model reply: its call, code, render and reward. */
export const candidateSchema = z
  .strictObject({
    id: candidateIdSchema,
    jobId: jobIdSchema,
    iteration: z.number().int().min(0),
    index: z.number().int().min(0),
    parents: parentsSchema,
    call: modelCallSchema.nullable().describe('Null for code that a person gave.'),
    parseStatus: replyParseStatusSchema,
    parseDetail: z.string().describe('Why the reply gave no code, in one sentence; empty otherwise.'),
    code: blobIdSchema.nullable(),
    render: renderRecordSchema.nullable().describe('Null where there was no code to render.'),
    reward: rewardRecordSchema,
    createdAt: timestampSchema,
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof candidateSchema>;

export const patchChangeSchema = z
  .strictObject({ box: patchSchema.shape.box, before: z.number().min(0).max(1), after: z.number().min(0).max(1) })
  .describe("A prompted or regressed region: its score in the best before and in this iteration's best candidate.");

export type PatchChange = z.infer<typeof patchChangeSchema>;

/** One group of candidates: one prompt, several replies, one verdict on each. */
export const iterationSchema = z
  .strictObject({
    jobId: jobIdSchema,
    index: z.number().int().min(0),
    kind: iterationKindSchema,
    round: z
      .number()
      .int()
      .min(0)
      .describe('Iterations of a round were planned together, from the same state of the search.'),
    parents: parentsSchema,
    patches: z
      .array(patchSchema)
      .describe('What the prompt asked to fix, worst first; empty but for refine and rewrite.'),
    candidates: z.array(candidateSchema).min(1),
    verdicts: z.array(verdictSchema).describe('One a candidate, same order.'),
    accepted: acceptedSchema,
    improvedRegions: z
      .array(patchChangeSchema)
      .describe('The prompted patches, before and after, in the highest-scoring candidate.'),
    regressedRegions: z
      .array(patchChangeSchema)
      .describe('Regions outside the patches that it made worse beyond the tolerance.'),
    best: z
      .strictObject({
        candidate: candidateIdSchema,
        iteration: z.number().int().min(0),
        overall: z.number().min(0).max(1),
      })
      .nullable()
      .describe('The best candidate of the job once this iteration is over; null while nothing rendered.'),
    startedAt: timestampSchema,
    finishedAt: timestampSchema,
  })
  .meta({ id: 'Iteration' });
export type Iteration = z.infer<typeof iterationSchema>;
