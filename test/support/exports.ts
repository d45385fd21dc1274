import { exportFilterSchema, exportOptionsSchema, type ExportFilter, type ExportSummary } from '@pentimento/contracts';
import type { NewExport } from '@pentimento/store';

/** An export to create, of everything unless the filter says otherwise. */
export const newExport = (filter: ExportFilter = {}, parts: Partial<NewExport> = {}): NewExport => ({
  name: 'charts',
  format: 'jsonl',
  filter: exportFilterSchema.parse(filter),
  options: exportOptionsSchema.parse({}),
  ...parts,
});

export const noProgress = { traces: 0, total: null, rows: 0, bytes: 0 };

/** The manifest of an export of one row. */
export const newSummary = (): ExportSummary => ({
  manifestVersion: 1,
  format: 'jsonl',
  traceVersion: 1,
  codeVersion: '0',
  filter: {},
  options: exportOptionsSchema.parse({}),
  traces: 1,
  units: 1,
  rows: { train: 1, validation: 0, test: 0 },
  drops: {},
  rewardVersions: [],
});
