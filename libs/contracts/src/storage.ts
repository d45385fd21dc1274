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

export const strayFilesSchema = z
  .strictObject({ files: count, bytes: count })
  .describe('Blobs in the blob store that the database does not know.')
  .meta({ id: 'StrayFiles' });
export type StrayFiles = z.infer<typeof strayFilesSchema>;

export const storageSchema = z
  .strictObject({
    stored: storedAmountSchema,
    prunable: storedAmountSchema.describe('What pruning would delete now.'),
    retention: retentionSchema,
    strayFiles: strayFilesSchema.nullable().describe('Null unless the request asks for them.'),
  })
  .meta({ id: 'Storage' });
export type Storage = z.infer<typeof storageSchema>;

/** Limits that replace the settings of the server. */
export const storageQuerySchema = z.strictObject({
  maxAgeDays: z.coerce.number().positive().optional().describe('Ended jobs are kept this many days.'),
  maxJobs: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional()
    .describe('So many ended jobs are kept.'),
  strayFiles: z.enum(['true', 'false']).optional().describe('Whether to search for stray files too, which is slow.'),
});
export type StorageQuery = z.infer<typeof storageQuerySchema>;

export const pruneRequestSchema = z
  .strictObject({
    maxAgeDays: z.number().positive().optional(),
    maxJobs: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional(),
    strayFiles: z.boolean().default(false).describe('Delete blobs that the database does not know, too.'),
  })
  .meta({ id: 'PruneRequest' });
export type PruneRequest = z.infer<typeof pruneRequestSchema>;

export const pruneResultSchema = z
  .strictObject({ deleted: storedAmountSchema, strayFiles: strayFilesSchema.nullable() })
  .meta({ id: 'PruneResult' });
export type PruneResult = z.infer<typeof pruneResultSchema>;
