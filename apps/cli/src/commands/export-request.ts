import { createExportSchema, type CreateExport } from '@pentimento/contracts';
import { describeIssues } from '../output/api-error.ts';
import { usageError } from '../terminal/cli-error.ts';

/** The options of `export` that say what is exported, as the command line has them. */
export interface ExportRequestOptions {
  format?: string;
  name?: string;
  jobs?: string;
  language?: string;
  model?: string;
  outcome?: string;
  minScore?: number;
  maxScore?: number;
  minGain?: number;
  capture?: string;
  policyVersion?: string;
  verdict?: string;
  tag?: string;
  createdAfter?: string;
  createdBefore?: string;
  validationShare?: number;
  testShare?: number;
  improvedOnly?: boolean;
  margin?: number;
  threshold?: number;
  license?: string;
}

const listOf = (text: string | undefined): string[] | undefined => text?.split(',').filter(Boolean);

/** A day or a time in any zone as RFC 3339 in UTC; other text as it is, for the schema to refuse. */
function timeOf(text: string | undefined): string | undefined {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/** Throws a usage error that names each invalid option. */
export function readExportRequest(options: ExportRequestOptions): CreateExport {
  const { format, name, minScore, maxScore, minGain, capture: captureLevel, verdict } = options;
  const { validationShare: validation, testShare: test, improvedOnly, margin, threshold, license } = options;
  const filter = {
    ...{ minScore, maxScore, minGain, captureLevel, verdict },
    jobs: listOf(options.jobs),
    languages: listOf(options.language),
    models: listOf(options.model),
    outcomes: listOf(options.outcome),
    policyVersions: listOf(options.policyVersion),
    tags: listOf(options.tag),
    createdAfter: timeOf(options.createdAfter),
    createdBefore: timeOf(options.createdBefore),
  };
  const parsed = createExportSchema.safeParse({
    ...{ format, name, filter },
    options: { splits: { validation, test }, improvedOnly, margin, threshold, license },
  });
  if (!parsed.success) throw usageError(describeIssues(parsed.error));
  return parsed.data;
}
