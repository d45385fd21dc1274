import type { FlawPair, FlawSkip } from '@pentimento/contracts';
import type { FlawTable } from '@pentimento/trace-formats';
import { TraceError, TraceSource } from '@pentimento/traces';
import { parquet, type Row, type TableWriter } from '@pentimento/traces/tables';
import type { DatasetFolder } from './dataset-folder.ts';

interface OpenTable {
  table: FlawTable;
  writer: TableWriter;
}

/** The Parquet files of flaw pairs, one for each chosen table. */
export class FlawTableFiles {
  readonly #folder: DatasetFolder;
  readonly #open: readonly OpenTable[];

  private constructor(folder: DatasetFolder, open: readonly OpenTable[]) {
    this.#folder = folder;
    this.#open = open;
  }

  static async open(folder: DatasetFolder, tables: readonly FlawTable[]): Promise<FlawTableFiles> {
    const files = { open: (path: string) => folder.openFile(path) };
    const open: OpenTable[] = [];
    for (const table of tables) open.push({ table, writer: await parquet.open(files, table.id, table.columns) });
    return new FlawTableFiles(folder, open);
  }

  /** Writes the rows of one source, and returns what has none. */
  async write(pairs: readonly FlawPair[]): Promise<FlawSkip[]> {
    const [first] = pairs;
    if (!first) return [];
    const images = new TraceSource((id) => this.#folder.readImage(id));
    const skips: FlawSkip[] = [];
    for (const { table, writer } of this.#open) {
      for (const pair of pairs) {
        const row = await rowOrSkip(table, pair, () => table.rowOf(pair, images));
        if ('skip' in row) skips.push(row.skip);
        else await writer.write(row.row);
      }
      if (table.correctRowOf) await writer.write(await table.correctRowOf(first, images));
    }
    return skips;
  }

  async close(): Promise<void> {
    for (const { writer } of this.#open) await writer.close();
  }
}

async function rowOrSkip(
  table: FlawTable,
  { source, language, kind, description, edit }: FlawPair,
  read: () => Promise<Row>,
): Promise<{ row: Row } | { skip: FlawSkip }> {
  try {
    return { row: await read() };
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    const detail = `It has no row in ${table.id}.parquet. ${error.message}`;
    return { skip: { source, language, reason: 'no_row', detail, flaw: { kind, description, edit } } };
  }
}
