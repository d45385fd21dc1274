import { z } from 'zod';

/** Text that a user gives. Half of a surrogate pair would be stored and rendered as another character. */
export const wellFormed = (text: z.ZodString): z.ZodString =>
  text.refine((value) => value.isWellFormed(), 'Send well-formed Unicode: half of a surrogate pair is no character.');

/** SHA-256 of the stored bytes, lower-case hex. */
export const blobIdSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A blob id is 64 lower-case hex digits (SHA-256).')
  .meta({ id: 'BlobId' });
export type BlobId = z.infer<typeof blobIdSchema>;

/** `job_` and a UUIDv7. */
export const jobIdSchema = z
  .string()
  .regex(/^job_[0-9a-f-]{36}$/, 'A job id is "job_" and a UUID.')
  .meta({ id: 'JobId' });
export type JobId = z.infer<typeof jobIdSchema>;

/** `cand_` and a UUIDv7. */
export const candidateIdSchema = z
  .string()
  .regex(/^cand_[0-9a-f-]{36}$/, 'A candidate id is "cand_" and a UUID.')
  .meta({ id: 'CandidateId' });
export type CandidateId = z.infer<typeof candidateIdSchema>;

/** `judg_` and a UUIDv7. */
export const judgmentIdSchema = z
  .string()
  .regex(/^judg_[0-9a-f-]{36}$/, 'A judgment id is "judg_" and a UUID.')
  .meta({ id: 'JudgmentId' });
export type JudgmentId = z.infer<typeof judgmentIdSchema>;

/** `intv_` and a UUIDv7. */
export const interventionIdSchema = z
  .string()
  .regex(/^intv_[0-9a-f-]{36}$/, 'An intervention id is "intv_" and a UUID.')
  .meta({ id: 'InterventionId' });
export type InterventionId = z.infer<typeof interventionIdSchema>;

/** RFC 3339, UTC. */
export const timestampSchema = z.iso.datetime();

/** A score in 0..1, where 1 is equal. */
export const scoreSchema = z.number().min(0).max(1);

/** A rectangle in pixels of the target, origin top left. */
export const boxSchema = z
  .strictObject({
    x: z.number().int().min(0),
    y: z.number().int().min(0),
    width: z.number().int().min(1),
    height: z.number().int().min(1),
  })
  .meta({ id: 'Box' });
export type Box = z.infer<typeof boxSchema>;

export const sizeSchema = z.strictObject({ width: z.number().int().min(1), height: z.number().int().min(1) });
export type Size = z.infer<typeof sizeSchema>;

export const deviceScaleSchema = z
  .number()
  .min(1)
  .max(4)
  .describe('Device pixels per CSS pixel: 2 for a screenshot from a screen of double density.');

/** The size in CSS pixels of what is so many device pixels large: whole ones, at least one. */
export const inCssPixels = ({ width, height }: Size, deviceScale: number): Size => ({
  width: Math.max(1, Math.round(width / deviceScale)),
  height: Math.max(1, Math.round(height / deviceScale)),
});

/** The largest number that a count or place in a sequence can have in the database (four bytes, signed). */
export const maxInteger = 2 ** 31 - 1;
