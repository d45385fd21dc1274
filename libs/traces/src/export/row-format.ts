import type { Columns } from '../tables/columns.ts';
import type { TableType, TableWriter } from '../tables/table.ts';
import type { ExportedTrace, FormatContext, TraceExporter, TraceWriter } from './exporter.ts';
import { datasetCard } from './dataset-card.ts';
import { metaColumns } from './meta.ts';
import type { Split } from './splits.ts';
import type { UnitResult } from './units.ts';

/** A format that is one table a split. */
export interface RowFormat extends Omit<TraceExporter, 'open'> {
  table: () => TableType;
  columns: Columns;
  /** Whether each row also has the columns that say where it comes from (see `meta.ts`). */
  meta: boolean;
  /** The file of a split, without its extension. Default: the split's name. */
  fileOf?(split: Split): string;
  /** Whether there is a dataset card, `README.md`. */
  card?: boolean;
  /** One result a unit, in order. Throws a TraceError where the trace cannot be read. */
  units(trace: ExportedTrace, context: FormatContext): AsyncIterable<UnitResult>;
}

/** The format as an exporter: a file a split, unless `fileOf` says otherwise, each only if it has rows. */
export function rowExporter(format: RowFormat): TraceExporter {
  const { id, title, description, unit } = format;
  return { id, title, description, unit, open: (context) => Promise.resolve(new RowWriter(format, context)) };
}

class RowWriter implements TraceWriter {
  readonly #format: RowFormat;
  readonly #context: FormatContext;
  readonly #columns: Columns;
  readonly #type: TableType;
  /** By file, without the extension. */
  readonly #tables = new Map<string, TableWriter>();

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
    if (this.#format.card) await this.#writeCard();
  }

  async #tableOf(split: Split): Promise<TableWriter> {
    const file = this.#format.fileOf?.(split) ?? split;
    const open = this.#tables.get(file);
    if (open) return open;
    const table = await this.#type.open(this.#context.files, file, this.#columns);
    this.#tables.set(file, table);
    return table;
  }

  async #writeCard(): Promise<void> {
    const { title, description } = this.#format;
    const { files, options } = this.#context;
    const card = datasetCard({
      ...{ title, description, table: this.#type, columns: this.#columns, license: options.license },
      files: [...this.#tables.keys()].map((file) => ({ split: file, path: `${file}${this.#type.extension}` })),
    });
    const file = await files.open('README.md');
    await file.write(card);
    await file.close();
  }
}
