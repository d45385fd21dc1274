import { z } from 'zod';
import { blobIdSchema, candidateIdSchema, jobIdSchema, timestampSchema } from './primitives.ts';
import { modelCallSchema } from './message.ts';
import { renderRecordSchema } from './render.ts';
import { patchSchema, rewardRecordSchema } from './reward.ts';

/** What a turn of the loop asks for. */
export const iterationKinds = ['given', 'draft', 'repair', 'refine', 'rewrite'] as const;
export const iterationKindSchema = z
  .enum(iterationKinds)
  .describe(
    'given: the first code came with the job; draft: from the target alone; repair: nothing rendered yet; refine: edits; rewrite: whole code anew.',
  )
  .meta({ id: 'IterationKind' });
export type IterationKind = z.infer<typeof iterationKindSchema>;

/** How a reply was read. `answered` with what: whole code, or edits that applied. */
export const replyReadings = ['code', 'edits', 'no_code', 'edit_failed', 'cut_off', 'given'] as const;
export const replyReadingSchema = z
  .enum(replyReadings)
  .describe(
    'code: a whole fenced block; edits: search/replace blocks that applied; no_code: no fenced block of the language; edit_failed: a block did not apply; cut_off: the reply hit its limit; given: came with the job.',
  )
  .meta({ id: 'ReplyReading' });
export type ReplyReading = z.infer<typeof replyReadingSchema>;

export const verdicts = ['accepted', 'no_gain', 'not_best', 'no_render', 'no_code', 'duplicate'] as const;
export const verdictSchema = z
  .enum(verdicts)
  .describe(
    'accepted: the new best; no_gain: not better than the best by minGain; not_best: a sibling was better; duplicate: same pixels as the best or a sibling.',
  )
  .meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof verdictSchema>;

/** One model reply: its call, code, render and reward. */
export const candidateSchema = z
  .strictObject({
    id: candidateIdSchema,
    jobId: jobIdSchema,
    iteration: z.number().int().min(0),
    index: z.number().int().min(0),
    parent: candidateIdSchema.nullable().describe('The accepted candidate that the prompt showed.'),
    call: modelCallSchema.nullable().describe('Null for code that came with the job.'),
    reading: replyReadingSchema,
    readingDetail: z.string().describe('Why the reply gave no code, in one sentence; empty otherwise.'),
    code: blobIdSchema.nullable(),
    render: renderRecordSchema.nullable().describe('Null where there was no code to render.'),
    reward: rewardRecordSchema,
    createdAt: timestampSchema,
  })
  .meta({ id: 'Candidate' });
export type Candidate = z.infer<typeof candidateSchema>;

export const patchChangeSchema = z
  .strictObject({ box: patchSchema.shape.box, before: z.number().min(0).max(1), after: z.number().min(0).max(1) })
  .describe("A prompted or broken region: its score in the best before and in this iteration's best candidate.");

export type PatchChange = z.infer<typeof patchChangeSchema>;

/** One turn of the loop: one prompt state, one group of candidates, one verdict on each. */
export const iterationSchema = z
  .strictObject({
    jobId: jobIdSchema,
    index: z.number().int().min(0),
    kind: iterationKindSchema,
    parent: candidateIdSchema.nullable(),
    patches: z
      .array(patchSchema)
      .describe('What the prompt asked to mend, worst first; empty but for refine and rewrite.'),
    candidates: z.array(candidateSchema).min(1),
    verdicts: z.array(verdictSchema).describe('One a candidate, same order.'),
    accepted: candidateIdSchema.nullable(),
    mended: z.array(patchChangeSchema).describe('Prompted patches of the highest-scoring candidate, before and after.'),
    broken: z.array(patchChangeSchema).describe('Regions outside the patches that it made worse beyond the tolerance.'),
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
