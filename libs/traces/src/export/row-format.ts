import type { Columns } from '../tables/columns.ts';
import type { TableType, TableWriter } from '../tables/table.ts';
import type { ExportedTrace, FormatContext, TraceExporter, TraceWriter } from './exporter.ts';
import { metaColumns } from './meta.ts';
import type { Split } from './splits.ts';
import type { UnitResult } from './units.ts';

/** A format that is one table a split. */
export interface RowFormat extends Omit<TraceExporter, 'open'> {
  table: () => TableType;
  columns: Columns;
  /** Whether each row also has the columns that say where it comes from (see `meta.ts`). */
  meta: boolean;
  /** One result a unit, in order. Throws a TraceError where the trace cannot be read. */
  units(trace: ExportedTrace, context: FormatContext): AsyncIterable<UnitResult>;
}

/** The format as an exporter: `train`, `validation` and `test` as files, each only if it has rows. */
export function rowExporter(format: RowFormat): TraceExporter {
  const { id, title, description, unit } = format;
  return { id, title, description, unit, open: (context) => Promise.resolve(new RowWriter(format, context)) };
}

class RowWriter implements TraceWriter {
  readonly #format: RowFormat;
  readonly #context: FormatContext;
  readonly #columns: Columns;
  readonly #type: TableType;
  readonly #tables = new Map<Split, TableWriter>();

  constructor(format: RowFormat, context: FormatContext) {
    this.#format = format;
    this.#context = context;
    this.#columns = format.meta ? { ...format.columns, ...metaColumns } : format.columns;
    this.#type = context.table ?? format.table();
  }

  async write(trace: ExportedTrace) {
    // All of the trace is read before anything of it is written.
    const results: UnitResult[] = [];
    for await (const result of this.#format.units(trace, this.#context)) results.push(result);
    const rows = results.flatMap((result) => ('row' in result ? [result.row] : []));
    if (rows.length > 0) {
      const table = await this.#tableOf(trace.split);
      for (const row of rows) await table.write(row);
    }
    return { rows: rows.length, drops: results.flatMap((result) => ('drop' in result ? [result.drop] : [])) };
  }

  async close(): Promise<void> {
    for (const table of this.#tables.values()) await table.close();
  }

  async #tableOf(split: Split): Promise<TableWriter> {
    const open = this.#tables.get(split);
    if (open) return open;
    const table = await this.#type.open(this.#context.files, split, this.#columns);
    this.#tables.set(split, table);
    return table;
  }
}
