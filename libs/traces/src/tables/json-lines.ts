import type { ExportImage } from '../images/export-image.ts';
import type { Columns, ColumnType } from './columns.ts';
import type { Row, TableFiles, TableType } from './table.ts';

/** JSON with one row a line. Images are files, `images/SHA256.png`, each once, and rows name them by that path. */
export function jsonLines(): TableType {
  const written = new Set<string>();
  return {
    extension: '.jsonl',
    async open(files, name, columns) {
      const file = await files.open(`${name}.jsonl`);
      return {
        async write(row) {
          await writeImages(files, row, written);
          await file.write(`${JSON.stringify(rowOf(columns, row))}\n`);
        },
        close: () => file.close(),
      };
    },
  };
}

/** The file of an image. */
export const imagePath = ({ id }: ExportImage): string => `images/${id}.png`;

async function writeImages(files: TableFiles, value: unknown, written: Set<string>): Promise<void> {
  if (value === null || typeof value !== 'object') return;
  if (!isImage(value)) {
    for (const part of Object.values(value)) await writeImages(files, part, written);
    return;
  }
  if (written.has(value.id)) return;
  const file = await files.open(imagePath(value));
  await file.write(value.png);
  await file.close();
  written.add(value.id);
}

const isImage = (value: object): value is ExportImage => 'png' in value && value.png instanceof Uint8Array;

function rowOf(columns: Columns, row: Row): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, valueOf(type, row[name] ?? null)]));
}

function valueOf(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'image':
    case 'imageBytes':
      return imagePath(value as ExportImage);
    case 'list':
      return (value as unknown[]).map((element) => valueOf(type.of, element));
    case 'struct':
      // A field that is absent stays absent: templates test whether a key is there.
      return Object.fromEntries(
        Object.entries(type.fields).flatMap(([name, field]) => {
          const part = (value as Row)[name];
          return part === undefined ? [] : [[name, valueOf(field, part)]];
        }),
      );
    default:
      return value;
  }
}
