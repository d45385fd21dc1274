import type { Columns } from './columns.ts';

/** A row by column name. Images are `ExportImage`s. */
export type Row = Readonly<Record<string, unknown>>;

/** Writes the rows of one file. */
export interface TableWriter {
  write(row: Row): Promise<void>;
  close(): Promise<void>;
}

/** A file type of tables. */
export interface TableType {
  /** With the dot. */
  extension: string;
  open(files: TableFiles, name: string, columns: Columns): Promise<TableWriter>;
}

export interface TableFiles {
  /** Starts a file under a relative path with forward slashes. A path is started once. */
  open(path: string): Promise<TableFile>;
}

export interface TableFile {
  /** Appends text as UTF-8, or bytes. Resolves when more may be written, so that memory stays bounded. */
  write(data: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}
