import { z } from 'zod';
import { candidateIdSchema, jobIdSchema, judgmentIdSchema, timestampSchema } from './primitives.ts';

export const judgmentVerdicts = ['accept', 'reject'] as const;
export const judgmentVerdictSchema = z.enum(judgmentVerdicts).meta({ id: 'JudgmentVerdict' });
export type JudgmentVerdict = z.infer<typeof judgmentVerdictSchema>;

/** Trimmed, without the character that PostgreSQL cannot store. */
const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .max(maxLength)
    .refine((value) => !value.includes('\0'), 'Leave out the NUL characters.');

/** Who judged. People without a login share the empty name. */
export const authorSchema = z.strictObject({
  kind: z.enum(['human', 'model']).default('human'),
  name: text(200).default('').describe('Empty where nobody is named.'),
});
export type Author = z.infer<typeof authorSchema>;

const verdict = judgmentVerdictSchema.nullable().describe('On the candidate by itself; null where none is given.');
const preferredOver = candidateIdSchema
  .nullable()
  .describe('Another candidate of the same job, which the candidate is better than; null where none is meant.');
export const maxNoteLength = 4000;
const note = text(maxNoteLength).describe('Empty where there is none.');

/** `POST /v1/candidates/{id}/judgments`. */
export const createJudgmentSchema = z
  .strictObject({
    verdict: verdict.default(null),
    preferredOver: preferredOver.default(null),
    note: note.default(''),
    author: authorSchema.prefault({}),
  })
  .refine((judgment) => judgment.verdict !== null || judgment.preferredOver !== null || judgment.note !== '', {
    message: 'Give a verdict, the candidate that this one is preferred over, or a note.',
  })
  .refine((judgment) => judgment.verdict === null || judgment.preferredOver === null, {
    path: ['verdict'],
    message: 'A verdict is on one candidate and a preference is on two: send them as two judgments.',
  })
  .meta({ id: 'CreateJudgment' });
export type CreateJudgment = z.infer<typeof createJudgmentSchema>;
export type CreateJudgmentInput = z.input<typeof createJudgmentSchema>;

/** What one author said about one candidate or about a pair. It never changes, but for being withdrawn once. */
export const judgmentSchema = z
  .strictObject({
    id: judgmentIdSchema,
    jobId: jobIdSchema,
    candidate: candidateIdSchema,
    verdict,
    preferredOver,
    note,
    author: authorSchema,
    createdAt: timestampSchema,
    withdrawnAt: timestampSchema.nullable().describe('From then on it is history.'),
  })
  .meta({ id: 'Judgment' });
export type Judgment = z.infer<typeof judgmentSchema>;

export const judgmentPageSchema = z.strictObject({ data: z.array(judgmentSchema) }).meta({ id: 'JudgmentPage' });

/** What a judgment is about: its candidate, or with a preference the pair, whichever of the two is better. */
export type JudgmentSubject = Pick<Judgment, 'candidate' | 'preferredOver'>;

const subjectKey = ({ candidate, preferredOver }: JudgmentSubject): string =>
  preferredOver === null ? candidate : [candidate, preferredOver].sort().join(' ');

export const isSameSubject = (a: JudgmentSubject, b: JudgmentSubject): boolean => subjectKey(a) === subjectKey(b);

export const isSameAuthor = (a: Author, b: Author): boolean => a.kind === b.kind && a.name === b.name;

/**
 * The judgments that count, of all of a job, oldest first. The newest of an author on a subject replaces the older ones, also
 * where it is withdrawn: the author then says nothing about the subject.
 */
export function currentJudgments(judgments: readonly Judgment[]): Judgment[] {
  const newest = new Map<string, Judgment>();
  for (const judgment of judgments) {
    const { kind, name } = judgment.author;
    const key = JSON.stringify([kind, name, subjectKey(judgment)]);
    newest.delete(key);
    newest.set(key, judgment);
  }
  return [...newest.values()].filter(({ withdrawnAt }) => withdrawnAt === null);
}
