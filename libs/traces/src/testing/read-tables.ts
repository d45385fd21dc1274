import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { exportTraces, type ExportContext, type TraceExporter } from '../export/exporter.ts';
import { MemoryFiles, memoryContext, streamOf } from './export-files.ts';
import { sampleTrace } from './traces.ts';

/** The rows of a table that an export of so many sample traces wrote. */
export async function exportSamples(
  exporter: TraceExporter,
  path: string,
  count: number,
  parts: Partial<ExportContext> = {},
): Promise<Record<string, unknown>[]> {
  const files = new MemoryFiles();
  const traces = Array.from({ length: count }, (_, index) => sampleTrace(index + 1));
  await exportTraces(exporter, streamOf(traces), memoryContext(files, parts));
  return path.endsWith('.parquet') ? readParquet(files, path) : files.lines(path);
}

/** The rows of the training split of a Parquet format, and the drops. */
export async function exportRows(
  exporter: TraceExporter,
  traces: readonly unknown[],
  parts: Partial<ExportContext> = {},
): Promise<{ rows: Record<string, unknown>[]; drops: Record<string, unknown>[] }> {
  const files = new MemoryFiles();
  await exportTraces(exporter, streamOf(traces), memoryContext(files, parts));
  const rows = files.contents.has('train.parquet') ? await readParquet(files, 'train.parquet') : [];
  return { rows, drops: files.lines('drops.jsonl') };
}

/** Rows of a Parquet file. */
export function readParquet(files: MemoryFiles, path: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bufferOf(files, path), utf8: false });
}

/** The Hugging Face features in the metadata of a Parquet file. */
export function featuresIn(files: MemoryFiles, path: string): unknown {
  const { key_value_metadata: entries = [] } = parquetMetadata(bufferOf(files, path));
  return JSON.parse(entries.find(({ key }) => key === 'huggingface')?.value ?? 'null');
}

function bufferOf(files: MemoryFiles, path: string): ArrayBuffer {
  const bytes = files.contents.get(path);
  if (!bytes) throw new Error(`There is no file ${path}, only ${[...files.contents.keys()].join(', ')}.`);
  return Uint8Array.from(bytes).buffer;
}
