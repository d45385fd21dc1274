import { z } from 'zod';

const count = z.number().int().min(0);

/** Which ended jobs are kept. Null: no limit. */
export const retentionSchema = z
  .strictObject({
    maxAgeDays: z.number().positive().nullable().describe('Ended jobs are kept this many days after their end.'),
    maxJobs: count.nullable().describe('Only this many ended jobs are kept, the newest.'),
  })
  .meta({ id: 'Retention' });
export type Retention = z.infer<typeof retentionSchema>;

export const storedAmountSchema = z
  .strictObject({ jobs: count, blobs: count, bytes: count.describe('Of the blobs.') })
  .meta({ id: 'StoredAmount' });
export type StoredAmount = z.infer<typeof storedAmountSchema>;

export const storageSchema = z
  .strictObject({
    stored: storedAmountSchema,
    prunable: storedAmountSchema.describe('What pruning would delete now.'),
    retention: retentionSchema,
  })
  .meta({ id: 'Storage' });
export type Storage = z.infer<typeof storageSchema>;

export const strayFilesSchema = z
  .strictObject({ files: count, bytes: count })
  .describe('Blobs in the blob store that the database does not know.')
  .meta({ id: 'StrayFiles' });
export type StrayFiles = z.infer<typeof strayFilesSchema>;
