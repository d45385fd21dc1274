import type { BlobId } from '@pentimento/contracts';
import type { Trace } from './trace.ts';
import { validateTrace, type Drop } from './validate-trace.ts';

/** Where an export's files go: a folder, or an archive. */
export interface ExportFiles {
  /** Starts a file under a relative path with forward slashes. A path is started once. */
  open(path: string): Promise<ExportFile>;
}

interface ExportFile {
  /** Appends text as UTF-8, or bytes. Resolves when more may be written, so that memory stays bounded. */
  write(data: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface ExportContext {
  files: ExportFiles;
  /** The bytes of a blob, or null where it is gone. */
  readBlob(id: BlobId): Promise<Uint8Array | null>;
  /** Aborts the export between two traces. */
  signal: AbortSignal;
}

export interface ExportSummary {
  /** Rows written, summed over the format's tables. */
  rows: number;
  /** Traces that are in the export. `exported + dropped` is the number of traces read. */
  exported: number;
  /** Traces that were left out, each a line of `drops.jsonl`. */
  dropped: number;
}

/** What a format does with one trace: the number of rows that it wrote, or why it left the trace out. */
type TraceResult = { rows: number } | { drop: Drop };

/** Writes the traces of one export. Calls are sequential, in the order of the traces. */
export interface TraceWriter {
  write(trace: Trace): Promise<TraceResult>;
  /** Ends the files. It is called once, after the last trace. */
  close(): Promise<void>;
}

/**
 * One export format. Adding a format is a file with such an object and a line in `formats/index.ts`; the contract suite
 * in `testing/exporter-contract.ts` runs over all of them.
 */
export interface TraceExporter {
  /** Lower-case id, as in `pentimento export --format ID`. */
  id: string;
  /** What the format is for and who reads it, in one sentence. */
  description: string;
  open(context: ExportContext): Promise<TraceWriter>;
}

/**
 * Runs an export over any number of traces with the memory of one: each trace is validated, then written, before the
 * next is read. A trace that is left out is listed in `drops.jsonl` with its reason; nothing is dropped in silence.
 * Rejects with the signal's reason where it aborts, and with the error of the traces, the files or the blobs.
 */
export async function exportTraces(
  exporter: TraceExporter,
  traces: AsyncIterable<unknown>,
  context: ExportContext,
): Promise<ExportSummary> {
  const summary: ExportSummary = { rows: 0, exported: 0, dropped: 0 };
  const writer = await exporter.open(context);
  const dropFile = await context.files.open('drops.jsonl');
  for await (const trace of traces) {
    context.signal.throwIfAborted();
    const invalid = validateTrace(trace);
    const result = invalid ? { drop: invalid } : await writer.write(trace as Trace);
    if ('drop' in result) {
      summary.dropped += 1;
      await dropFile.write(`${JSON.stringify(result.drop)}\n`);
    } else {
      summary.rows += result.rows;
      summary.exported += 1;
    }
  }
  await writer.close();
  await dropFile.close();
  return summary;
}
