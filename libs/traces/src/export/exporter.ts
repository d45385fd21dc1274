import type { BlobId, ExportFile, ExportFilter, ExportManifest, ExportOptions } from '@pentimento/contracts';
import type { TableFile, TableFiles, TableType } from '../tables/table.ts';
import { taskIdOf } from '../task.ts';
import type { Trace } from '../trace.ts';
import { TraceError, type Drop, type UnitDrop } from './drops.ts';
import { ManifestWriter } from './manifest.ts';
import { TraceSource, type ReadBlob } from './source.ts';
import type { Split } from './splits.ts';
import { withRewardsOf } from './reward-version.ts';
import { validateTrace } from './validate-trace.ts';

/** What a format writes with. */
export interface FormatContext {
  files: TableFiles;
  options: ExportOptions;
  /** Takes the place of the format's own table. */
  table?: TableType;
}

/** Where an export's files go: a folder, or an archive. A file that is closed says how large it is and what its hash is. */
export interface ExportFiles {
  /** Starts a file under a relative path with forward slashes. A path is started once. */
  open(path: string): Promise<Pick<TableFile, 'write'> & { close(): Promise<Omit<ExportFile, 'path'>> }>;
}

export interface ExportContext {
  files: ExportFiles;
  options: ExportOptions;
  /** How the traces were selected, for the manifest. */
  filter: ExportFilter;
  /** Version of the project, for the manifest. */
  codeVersion: string;
  readBlob: ReadBlob;
  /** The split of a target (see `planSplits`). */
  splitOf(target: BlobId): Split;
  /** Aborts the export between two traces. */
  signal: AbortSignal;
  /** Called after each trace with how many rows it has. */
  onTrace?(rows: number): void;
  /** Takes the place of the table of any format that has one. */
  table?: TableType;
}

/** One trace, checked, with its place in the dataset. */
export interface ExportedTrace {
  trace: Trace;
  /** Number of traces of the export that were read before it, valid or not. */
  index: number;
  taskId: string;
  split: Split;
  source: TraceSource;
}

/** What became of the units of a trace: rows, and what was left out. Together they are all of its units. */
interface TraceResult {
  rows: number;
  drops: readonly UnitDrop[];
}

/** Writes the traces of one export. Calls are sequential, in the order of the traces. */
export interface TraceWriter {
  /** Writes all rows of the trace, or throws a TraceError and has written none. */
  write(trace: ExportedTrace): Promise<TraceResult>;
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
  /** Name for people. */
  title: string;
  /** What the format is for and who reads it, in one sentence. */
  description: string;
  /** What a row is made of. */
  unit: 'trajectory' | 'group' | 'candidate';
  open(context: FormatContext): Promise<TraceWriter>;
}

/**
 * Runs an export over any number of traces with the memory of one: each trace is validated, then written, before the next is read. What is
 * left out is listed in `drops.jsonl` with its reason: the units of the traces are the rows and the drops. `manifest.json` is written
 * last; an export without it is not whole. The same traces and options give the same bytes.
 * Rejects with the signal's reason where it aborts, and with the error of the traces, the files or the blobs.
 */
export async function exportTraces(
  exporter: TraceExporter,
  traces: AsyncIterable<unknown>,
  context: ExportContext,
): Promise<ExportManifest> {
  const manifest = new ManifestWriter(exporter, context);
  const { files } = manifest;
  const writer = await exporter.open({ files, options: context.options, table: context.table });
  const dropFile = await files.open('drops.jsonl');
  let index = 0;
  for await (const value of traces) {
    context.signal.throwIfAborted();
    const { trace, rows, drops } = await exportTrace(value, index++, writer, context);
    manifest.count(trace, rows, drops);
    for (const drop of drops) await dropFile.write(`${JSON.stringify(drop)}\n`);
    context.onTrace?.(rows);
  }
  await writer.close();
  await dropFile.close();
  return manifest.write();
}

interface ExportedUnits {
  /** Null where it is not a valid trace. */
  trace: ExportedTrace | null;
  rows: number;
  drops: readonly Drop[];
}

async function exportTrace(
  value: unknown,
  index: number,
  writer: TraceWriter,
  context: ExportContext,
): Promise<ExportedUnits> {
  const invalid = validateTrace(value);
  if (invalid) return { trace: null, rows: 0, drops: [invalid] };
  const trace = withRewardsOf(value as Trace, context.options.rewardVersion);
  if ('reason' in trace) return { trace: null, rows: 0, drops: [trace] };
  const taskId = await taskIdOf(trace.job);
  const exported = {
    trace,
    index,
    taskId,
    split: context.splitOf(trace.job.target.image),
    source: new TraceSource(context.readBlob),
  };
  const { rows, drops } = await writer.write(exported).catch((error: unknown) => {
    if (!(error instanceof TraceError)) throw error;
    return { rows: 0, drops: [{ reason: error.reason, detail: error.message }] };
  });
  return { trace: exported, rows, drops: drops.map((drop) => ({ job: trace.job.id, ...drop })) };
}
