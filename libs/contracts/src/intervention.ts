import { z } from 'zod';
import { uploadLimits } from './uploads.ts';
import { modelNameSchema, type RefinementResult } from './job.ts';
import { budgetSchema, policySchema, type Policy } from './policy.ts';
import {
  blobIdSchema,
  boxSchema,
  candidateIdSchema,
  interventionIdSchema,
  jobIdSchema,
  timestampSchema,
  wellFormed,
  type Box,
  type Size,
} from './primitives.ts';

export const interventionKinds = ['fix', 'lock', 'edit', 'branch', 'continue'] as const;
export const interventionKindSchema = z
  .enum(interventionKinds)
  .describe(
    'fix: a region to fix, in words; lock: a region that must stay as it is; edit: code by hand, which becomes an iteration; branch: go on from this candidate instead of the best; continue: a job that had ended goes on.',
  )
  .meta({ id: 'InterventionKind' });
export type InterventionKind = z.infer<typeof interventionKindSchema>;

/** A schema of the fields of another one, all optional and without their defaults. */
function changesOf(shape: z.ZodRawShape): z.ZodObject {
  const fields = Object.entries(shape as Record<string, z.ZodType>).map(([name, field]) => {
    const schema = field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : field;
    const optional = schema instanceof z.ZodOptional ? schema : schema.optional();
    return [name, field.description === undefined ? optional : optional.describe(field.description)];
  });
  return z.strictObject(Object.fromEntries(fields) as z.ZodRawShape);
}

/** The fields of a policy that are to change; the others stay. */
export const policyChangesSchema = changesOf(policySchema.shape).meta({
  id: 'PolicyChanges',
}) as unknown as z.ZodType<Partial<Policy>, Partial<Policy>>;
export type PolicyChanges = z.infer<typeof policyChangesSchema>;

/** Settings of a job that may change once it has ended. */
export const settingsChangesSchema = z.strictObject({
  policy: policyChangesSchema.optional(),
  budget: budgetSchema.optional().describe('Limits to change; the others stay.'),
  model: modelNameSchema.optional(),
});
export type SettingsChanges = z.infer<typeof settingsChangesSchema>;

const words = wellFormed(
  z
    .string()
    .trim()
    .min(1, 'Say what is wrong in the box.')
    .max(2000)
    .refine((value) => !value.includes('\0'), 'Leave out the NUL characters.'),
);
const box = boxSchema.describe('In pixels of the target.');
const parent = candidateIdSchema.describe('The candidate of the job whose code was edited.');
const start = candidateIdSchema.describe('A candidate of the job that rendered.');

/** `POST /v1/jobs/{id}/interventions`. */
export const createInterventionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('fix'), box, words }),
    z.strictObject({ kind: z.literal('lock'), box }),
    z.strictObject({
      kind: z.literal('edit'),
      candidate: parent,
      code: wellFormed(z.string().max(uploadLimits.codeBytes)).describe('All of the code.'),
    }),
    z.strictObject({ kind: z.literal('branch'), candidate: start }),
    z.strictObject({ kind: z.literal('continue'), ...settingsChangesSchema.shape }),
  ])
  .meta({ id: 'CreateIntervention' });
export type CreateIntervention = z.infer<typeof createInterventionSchema>;

const iterationIndex = z.number().int().min(0).nullable();
const common = {
  id: interventionIdSchema,
  jobId: jobIdSchema,
  fromIteration: iterationIndex.describe(
    'The first iteration for which it holds, decided when the round begins; null while it waits for one.',
  ),
  untilIteration: iterationIndex.describe(
    'The first iteration for which it no longer holds; null where it still does.',
  ),
  createdAt: timestampSchema,
  withdrawnAt: timestampSchema.nullable().describe('From the next round on it does not hold.'),
};

/** What a person wants of a job while it runs or after it has ended. It never changes, but for being withdrawn once. */
export const interventionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...common, kind: z.literal('fix'), box, words: z.string() }),
    z.strictObject({ ...common, kind: z.literal('lock'), box }),
    z.strictObject({ ...common, kind: z.literal('edit'), candidate: parent, code: blobIdSchema }),
    z.strictObject({ ...common, kind: z.literal('branch'), candidate: start }),
    z.strictObject({
      ...common,
      kind: z.literal('continue'),
      changes: settingsChangesSchema,
      before: z
        .strictObject({ policy: policySchema, budget: budgetSchema, model: modelNameSchema })
        .describe('What the changes replaced.'),
    }),
  ])
  .meta({ id: 'Intervention' });
export type Intervention = z.infer<typeof interventionSchema>;
export type InterventionOf<Kind extends InterventionKind> = Extract<Intervention, { kind: Kind }>;

export const interventionPageSchema = z
  .strictObject({ data: z.array(interventionSchema) })
  .meta({ id: 'InterventionPage' });

/** What was decided when a round began. */
export interface RoundStart {
  /** All of the job, in order; `interventionsAt` says which hold for an iteration. */
  interventions: Intervention[];
  /** How the job ends again after the edits for which it was queued; null where it goes on. */
  endsAs: RefinementResult | null;
}

/** The interventions that hold for an iteration, of all of a job, in order. */
export const interventionsAt = (interventions: readonly Intervention[], iteration: number): Intervention[] =>
  interventions.filter(
    ({ fromIteration, untilIteration }) =>
      fromIteration !== null && fromIteration <= iteration && (untilIteration === null || iteration < untilIteration),
  );

export function ofInterventionKind<Kind extends InterventionKind>(
  interventions: readonly Intervention[],
  kind: Kind,
): InterventionOf<Kind>[] {
  return interventions.filter((each): each is InterventionOf<Kind> => each.kind === kind);
}

/** Whether it can still be withdrawn: an edit that was run stays an iteration, and a job that went on has done so. */
export const isWithdrawable = ({ kind, fromIteration, withdrawnAt }: Intervention): boolean =>
  withdrawnAt === null && kind !== 'continue' && (kind !== 'edit' || fromIteration === null);

export const isWithin = ({ x, y, width, height }: Box, size: Size): boolean =>
  x + width <= size.width && y + height <= size.height;

/** `POST /v1/jobs/{id}/fork`. */
export const forkJobSchema = z
  .strictObject({
    candidate: candidateIdSchema
      .nullable()
      .default(null)
      .describe('A candidate of the job whose code the new job starts from; null: it starts as the job itself did.'),
    name: wellFormed(z.string().trim().min(1).max(200)).optional(),
    instructions: wellFormed(z.string().max(8000)).optional(),
    ...settingsChangesSchema.shape,
  })
  .meta({ id: 'ForkJob' });
export type ForkJob = z.infer<typeof forkJobSchema>;
export type ForkJobInput = z.input<typeof forkJobSchema>;

/** Settings with changes made to them. */
export const withChanges = <T extends { policy: Policy; budget: z.infer<typeof budgetSchema>; model: string }>(
  settings: T,
  { policy, budget, model }: SettingsChanges,
): Pick<T, 'policy' | 'budget' | 'model'> => ({
  policy: { ...settings.policy, ...policy },
  budget: { ...settings.budget, ...budget },
  model: model ?? settings.model,
});
