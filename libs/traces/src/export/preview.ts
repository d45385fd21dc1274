import { jsonRow } from '../tables/json-row.ts';
import type { Row, TableType } from '../tables/table.ts';
import type { Drop } from './drops.ts';
import { exportTraces, type ExportContext, type ExportFiles, type TraceExporter } from './exporter.ts';

export interface PreviewLimits {
  rows: number;
  drops: number;
  /** Of the rows as JSON text, in characters. */
  size: number;
}

export interface TracePreview {
  /** As the format writes them, with the name of their file without its extension. An image is its blob and size in pixels. */
  rows: { table: string; row: Row }[];
  /** Of the traces that were read. */
  drops: Drop[];
  /** There is nothing more: neither a trace that was not read nor a row that was left out. */
  complete: boolean;
}

/**
 * The first rows of an export as values, without its files. It ends where a limit is reached or the signal aborts, after the trace that is
 * being read. A format that writes something else than tables and JSON Lines has no rows here.
 */
export async function previewTraces(
  exporter: TraceExporter,
  traces: AsyncIterable<unknown>,
  context: Omit<ExportContext, 'files' | 'table'>,
  limits: PreviewLimits,
): Promise<TracePreview> {
  const collector = new PreviewCollector(limits);
  const read = collector.read(traces, context.signal);
  const unstoppable = new AbortController().signal;
  await exportTraces(exporter, read, { ...context, files: collector, table: collector.table, signal: unstoppable });
  return collector.preview;
}

class PreviewCollector implements ExportFiles {
  readonly preview: TracePreview = { rows: [], drops: [], complete: true };
  readonly #limits: PreviewLimits;
  #size = 0;

  constructor(limits: PreviewLimits) {
    this.#limits = limits;
  }

  /** The traces until a limit is reached. */
  async *read(traces: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator<unknown> {
    for await (const trace of traces) {
      const { rows, drops, complete } = this.preview;
      const full = rows.length >= this.#limits.rows || drops.length >= this.#limits.drops;
      this.preview.complete = complete && !full && !signal.aborted;
      if (!this.preview.complete) return;
      yield trace;
    }
  }

  get table(): TableType {
    return {
      extension: '',
      open: (_files, name, columns) =>
        Promise.resolve({
          write: (row) => Promise.resolve(this.#add(name, jsonRow(columns, row, imageOf))),
          close: () => Promise.resolve(),
        }),
    };
  }

  /** Keeps the lines of JSON Lines files; all other content is discarded. */
  open(path: string) {
    const [, name] = /^(.+)\.jsonl$/.exec(path) ?? [];
    let rest = '';
    return Promise.resolve({
      write: (data: string | Uint8Array) => {
        if (name === undefined || typeof data !== 'string') return Promise.resolve();
        const lines = (rest + data).split('\n');
        rest = lines.pop()!;
        for (const line of lines) this.#addLine(name, JSON.parse(line) as Row);
        return Promise.resolve();
      },
      close: () => Promise.resolve({ bytes: 0, sha256: '' }),
    });
  }

  #addLine(name: string, line: Row): void {
    if (name !== 'drops') this.#add(name, line);
    else if (this.preview.drops.length < this.#limits.drops) this.preview.drops.push(line as unknown as Drop);
    else this.preview.complete = false;
  }

  #add(table: string, row: Row): void {
    const size = JSON.stringify(row).length;
    const { rows, complete } = this.preview;
    if (!complete || rows.length >= this.#limits.rows || this.#size + size > this.#limits.size) {
      this.preview.complete = false;
      return;
    }
    this.#size += size;
    rows.push({ table, row });
  }
}

const imageOf = ({ id, width, height }: { id: string; width: number; height: number }) => ({
  image: id,
  width,
  height,
});
