import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportImage } from '../images/export-image.ts';
import { featuresOf, holdsImages, type Columns, type ColumnType } from './columns.ts';
import type { Row, TableFile, TableType, TableWriter } from './table.ts';

/** A row group ends at so many rows or bytes of images, whichever comes first: readers and this writer hold one in memory. */
const maxGroup = { rows: 200, imageBytes: 16 * 1024 * 1024 };

/** Parquet with the feature metadata of Hugging Face. Images are structs of bytes and path. */
export const parquet: TableType = {
  extension: '.parquet',
  async open(files, name, columns) {
    return new ParquetTable(await files.open(`${name}.parquet`), columns);
  },
};

class ParquetTable implements TableWriter {
  readonly #file: TableFile;
  readonly #columns: Columns;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];
  #imageBytes = 0;

  constructor(file: TableFile, columns: Columns) {
    this.#file = file;
    this.#columns = columns;
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaOf(columns),
      statistics: false,
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features: featuresOf(columns) } }) }],
      createdBy: 'pentimento',
    });
  }

  async write(row: Row): Promise<void> {
    this.#rows.push(row);
    this.#imageBytes += imageBytesOf(row);
    if (this.#rows.length >= maxGroup.rows || this.#imageBytes >= maxGroup.imageBytes) await this.#writeGroup();
  }

  async close(): Promise<void> {
    if (this.#rows.length > 0) await this.#writeGroup();
    this.#writer.finish();
    await this.#flush();
    await this.#file.close();
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows;
    const columnData = Object.entries(this.#columns).map(([name, type]) => ({
      name,
      data: rows.map((row) => valueOf(type, row[name])),
      // PNG does not shrink further, and looking for equal images costs more than it saves.
      ...(holdsImages(type) && ({ codec: 'UNCOMPRESSED', encoding: 'PLAIN' } as const)),
    }));
    await this.#writer.write({ columnData, rowGroupSize: rows.length });
    this.#rows = [];
    this.#imageBytes = 0;
    await this.#flush();
  }

  async #flush(): Promise<void> {
    await this.#file.write(this.#bytes.getBytes().slice());
    this.#bytes.index = 0;
  }
}

function imageBytesOf(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  if (value instanceof Uint8Array) return value.length;
  return Object.values(value).reduce((sum: number, part) => sum + imageBytesOf(part), 0);
}

function valueOf(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'int':
      return BigInt(value as number);
    case 'json':
      return JSON.stringify(value);
    case 'image': {
      const { id, png } = value as ExportImage;
      return { bytes: png, path: `${id}.png` };
    }
    case 'imageBytes':
      return (value as ExportImage).png;
    case 'list':
      return (value as unknown[]).map((element) => valueOf(type.of, element));
    case 'struct':
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [name, valueOf(field, (value as Row)[name])]),
      );
    default:
      return value;
  }
}

function schemaOf(columns: Columns): SchemaElement[] {
  const names = Object.keys(columns);
  return [{ name: 'root', num_children: names.length }, ...names.flatMap((name) => elementsOf(name, columns[name]!))];
}

const optional = { repetition_type: 'OPTIONAL' } as const;
const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;

/** The elements of a column in preorder. */
function elementsOf(name: string, type: ColumnType): SchemaElement[] {
  switch (type.kind) {
    case 'string':
    case 'json':
      return [{ name, ...text, ...optional }];
    case 'int':
      return [{ name, type: 'INT64', ...optional }];
    case 'float':
      return [{ name, type: 'DOUBLE', ...optional }];
    case 'bool':
      return [{ name, type: 'BOOLEAN', ...optional }];
    case 'imageBytes':
      return [{ name, type: 'BYTE_ARRAY', ...optional }];
    case 'image':
      return [
        { name, num_children: 2, ...optional },
        { name: 'bytes', type: 'BYTE_ARRAY', ...optional },
        { name: 'path', ...text, ...optional },
      ];
    case 'list':
      return [
        { name, num_children: 1, converted_type: 'LIST', ...optional },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        ...elementsOf('element', type.of),
      ];
    case 'struct': {
      const fields = Object.entries(type.fields);
      return [
        { name, num_children: fields.length, ...optional },
        ...fields.flatMap(([field, fieldType]) => elementsOf(field, fieldType)),
      ];
    }
  }
}
