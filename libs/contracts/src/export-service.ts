import { z } from 'zod';
import {
  exportFileSchema,
  exportFilterSchema,
  exportFormatIdSchema,
  exportManifestSchema,
  exportOptionsSchema,
} from './export.ts';
import { jobErrorSchema } from './job.ts';
import { timestampSchema } from './primitives.ts';

const count = z.number().int().min(0);

/** `export_` and a UUIDv7. */
export const exportIdSchema = z
  .string()
  .regex(/^export_[0-9a-f-]{36}$/, 'An export id is "export_" and a UUID.')
  .meta({ id: 'ExportId' });

/** An export that has succeeded never changes. */
export const exportStatuses = ['queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled'] as const;
export const exportStatusSchema = z.enum(exportStatuses).meta({ id: 'ExportStatus' });
export type ExportStatus = z.infer<typeof exportStatusSchema>;

/** Whether an export can be queued again. */
export const isExportRetryable = (status: ExportStatus): boolean => status === 'failed' || status === 'canceled';

export const exportFormatSchema = z
  .strictObject({
    id: exportFormatIdSchema,
    title: z.string().describe('Name for people.'),
    description: z.string().describe('What the format is for and who reads it.'),
    unit: z.string().describe('What a row is made of, e.g. "candidate".'),
  })
  .meta({ id: 'ExportFormat' });
export type ExportFormat = z.infer<typeof exportFormatSchema>;
export const exportFormatPageSchema = z
  .strictObject({ data: z.array(exportFormatSchema) })
  .meta({ id: 'ExportFormatPage' });

const recipe = {
  format: exportFormatIdSchema.describe('One that `GET /v1/exports/formats` lists.'),
  filter: exportFilterSchema.prefault({}),
  options: exportOptionsSchema.prefault({}),
};

/** `POST /v1/exports`. */
export const createExportSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^\P{Cc}*$/u, 'A name has no control characters.')
      .optional()
      .describe('Of this version of the dataset; the format if absent.'),
    ...recipe,
  })
  .meta({ id: 'CreateExport' });
export type CreateExport = z.infer<typeof createExportSchema>;
export type CreateExportInput = z.input<typeof createExportSchema>;

export const exportProgressSchema = z
  .strictObject({
    traces: count.describe('Trajectories read.'),
    total: count.nullable().describe('Trajectories to read; null until they are counted.'),
    rows: count.describe('Rows written.'),
    bytes: count.describe('Bytes written.'),
  })
  .describe('Of the attempt that is under way, or of the last one.')
  .meta({ id: 'ExportProgress' });
export type ExportProgress = z.infer<typeof exportProgressSchema>;

/** `manifest.json` without its list of files, which can be long. */
export const exportSummarySchema = exportManifestSchema.omit({ files: true }).meta({ id: 'ExportSummary' });
export type ExportSummary = z.infer<typeof exportSummarySchema>;

/** One version of a dataset: the traces of the jobs that had ended when it was created, in one format. */
export const exportSchema = z
  .strictObject({
    id: exportIdSchema,
    name: z.string(),
    format: exportFormatIdSchema,
    filter: exportFilterSchema,
    options: exportOptionsSchema,
    status: exportStatusSchema,
    progress: exportProgressSchema,
    error: jobErrorSchema.nullable(),
    manifest: exportSummarySchema.nullable().describe('Null until it has succeeded.'),
    createdAt: timestampSchema,
    startedAt: timestampSchema.nullable(),
    finishedAt: timestampSchema.nullable(),
    links: z.strictObject({ self: z.string(), files: z.string(), archive: z.string(), cancel: z.string() }),
  })
  .meta({ id: 'Export' });
export type Export = z.infer<typeof exportSchema>;

export function exportLinks(id: string): Export['links'] {
  const self = `/v1/exports/${id}`;
  return { self, files: `${self}/files`, archive: `${self}/archive`, cancel: `${self}/cancel` };
}

export const exportIdParamSchema = z.strictObject({ id: exportIdSchema });

export const listExportsSchema = z
  .strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(20),
    cursor: exportIdSchema.optional().describe('`nextCursor` of the page before.'),
  })
  .meta({ id: 'ListExports' });
export type ListExports = z.infer<typeof listExportsSchema>;

export const exportPageSchema = z
  .strictObject({ data: z.array(exportSchema), nextCursor: exportIdSchema.nullable() })
  .meta({ id: 'ExportPage' });
export type ExportPage = z.infer<typeof exportPageSchema>;

export const listExportFilesSchema = z
  .strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(1000),
    cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before.'),
  })
  .meta({ id: 'ListExportFiles' });
export type ListExportFiles = z.infer<typeof listExportFilesSchema>;

export const exportFilePageSchema = z
  .strictObject({ data: z.array(exportFileSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'ExportFilePage' });
export type ExportFilePage = z.infer<typeof exportFilePageSchema>;

export const maxPreviewRows = 20;

/** `POST /v1/exports/preview`. */
export const previewExportSchema = z
  .strictObject({
    ...recipe,
    rows: z.number().int().min(0).max(maxPreviewRows).default(5).describe('At most so many rows.'),
  })
  .meta({ id: 'PreviewExport' });
export type PreviewExport = z.infer<typeof previewExportSchema>;
export type PreviewExportInput = z.input<typeof previewExportSchema>;

/** How many trajectories a filter selects. */
export const exportCountsSchema = z
  .strictObject({
    trajectories: count,
    candidates: count,
    languages: z.record(z.string(), count).describe('Trajectories by language.'),
    outcomes: z.record(z.string(), count).describe('Trajectories by outcome; "none" where the job has none.'),
  })
  .meta({ id: 'ExportCounts' });
export type ExportCounts = z.infer<typeof exportCountsSchema>;

/** A line of `drops.jsonl`. */
const exportDropSchema = z.strictObject({
  job: z.string(),
  reason: z.string(),
  detail: z.string(),
  iteration: count.optional(),
  candidate: z.string().optional(),
});

export const exportPreviewSchema = z
  .strictObject({
    counts: exportCountsSchema,
    rows: z
      .array(z.strictObject({ table: z.string(), row: z.record(z.string(), z.unknown()) }))
      .describe(
        'As the format writes them, with the name of their table. An image is `{"image": BLOB, "width", "height"}` in the place of its bytes.',
      ),
    drops: z.array(exportDropSchema).describe('Of the trajectories that were read for the rows.'),
    complete: z.boolean().describe('Nothing more would be exported; false also where time or size ended the preview.'),
  })
  .meta({ id: 'ExportPreview' });
export type ExportPreview = z.infer<typeof exportPreviewSchema>;
