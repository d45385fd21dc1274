import type {
  BlobId,
  CreateExport,
  Export,
  ExportCounts,
  ExportFile,
  ExportFilePage,
  ExportFilter,
  ExportPage,
  ExportProgress,
  ExportSummary,
  JobError,
  ListExportFiles,
  ListExports,
  WriteResult,
} from '@pentimento/contracts';
import type { Heartbeat } from './heartbeat.ts';

/** Input of `create`: the checked request. */
export interface NewExport extends Omit<CreateExport, 'name'> {
  name: string;
}

/** A worker's hold on an export. Every write under it is conditional on `token` being the export's newest. */
export interface ExportClaim {
  exportId: string;
  token: number;
  worker: string;
}

/** An export that no worker is working on, although it is not final. */
export interface OrphanedExport {
  exportId: string;
  token: number;
  reason: 'lost_enqueue' | 'dead_worker';
}

/** How an attempt to make an export ended. The files are blobs that have been put. */
export type ExportResult =
  | { status: 'succeeded'; manifest: ExportSummary; files: readonly Pick<ExportFile, 'path' | 'sha256'>[] }
  | { status: 'failed'; error: JobError }
  | { status: 'canceled' };

/** Which jobs an export reads: those under the filter that had ended at the time (RFC 3339). */
export interface TraceSelection {
  filter: ExportFilter;
  endedBy: string;
}

export interface Exports {
  create(input: NewExport): Promise<Export>;
  get(id: string): Promise<Export | null>;
  /** The newest first. */
  list(query: ListExports): Promise<ExportPage>;
  /** Queued: ends as canceled. Running: becomes canceling. Otherwise unchanged. Null: no such export. */
  cancel(id: string): Promise<{ changed: boolean; export: Export } | null>;
  /** Failed or canceled: queued again, to be made from the start. Null: no such export. */
  retry(id: string): Promise<{ changed: boolean; export: Export } | null>;
  /** Deletes the export, whatever its status. Blobs that nothing else names are deleted later. False: no such export. */
  delete(id: string): Promise<boolean>;

  /** By path. None before the export has succeeded. */
  listFiles(id: string, query: ListExportFiles): Promise<ExportFilePage>;
  getFile(id: string, path: string): Promise<ExportFile | null>;

  /** One conditional update: queued -> running with a new token and a lease. Null: another worker has it, or it has ended. */
  claim(id: string, worker: string, leaseMs: number): Promise<ExportClaim | null>;
  /** Extends the lease and stores the progress. */
  heartbeat(claim: ExportClaim, leaseMs: number, progress: ExportProgress): Promise<Heartbeat>;
  /** Ends the export, with its files in the same transaction. A failure of an export that was to be canceled is a cancellation. */
  finish(claim: ExportClaim, result: ExportResult, progress: ExportProgress): Promise<WriteResult>;
  /** Queues the export again (shutdown), or ends it where it was to be canceled. */
  release(claim: ExportClaim): Promise<WriteResult>;
  /** As `Store.sweep`. An export is made from the start each time, so that nothing resets its recoveries but a retry. */
  sweep(options: { queuedMs: number; maxRecoveries: number }): Promise<OrphanedExport[]>;

  countTraces(selection: TraceSelection): Promise<ExportCounts>;
  /** The targets of the selected jobs after an id, each once, in ascending order, at most `limit`. */
  listTargets(selection: TraceSelection, after: BlobId, limit: number): Promise<BlobId[]>;
  /** The ids of selected jobs after an id, in ascending order, at most `limit`. */
  listTraceJobs(selection: TraceSelection, after: string, limit: number): Promise<string[]>;
}
