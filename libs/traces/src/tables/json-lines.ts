import type { ExportImage } from '../images/export-image.ts';
import { holdsImages, type Columns, type ColumnType } from './columns.ts';
import type { Row, TableFiles, TableType } from './table.ts';
import { jsonRow } from './json-row.ts';

/** JSON with one row a line. Images are files, `images/SHA256.png`, each once, and rows name them by that path. */
export function jsonLines(): TableType {
  const written = new Set<string>();
  return {
    extension: '.jsonl',
    async open(files, name, columns) {
      const file = await files.open(`${name}.jsonl`);
      return {
        async write(row) {
          for (const image of imagesOf(columns, row)) await writeImage(files, image, written);
          await file.write(`${JSON.stringify(jsonRow(columns, row, imagePath))}\n`);
        },
        close: () => file.close(),
      };
    },
  };
}

/** The file of an image. */
export const imagePath = ({ id }: ExportImage): string => `images/${id}.png`;

async function writeImage(files: TableFiles, image: ExportImage, written: Set<string>): Promise<void> {
  if (written.has(image.id)) return;
  const file = await files.open(imagePath(image));
  await file.write(image.png);
  await file.close();
  written.add(image.id);
}

/** The images of a row, those that belong to no column included. Token lists are long: only values that can hold images are looked at. */
function* imagesOf(columns: Columns, row: Row): Generator<ExportImage> {
  for (const [name, value] of Object.entries(row)) {
    const type = columns[name];
    if (type) yield* imagesIn(type, value);
    else if (isImage(value)) yield value;
  }
}

function* imagesIn(type: ColumnType, value: unknown): Generator<ExportImage> {
  if (value === null || value === undefined || !holdsImages(type)) return;
  if (type.kind === 'list') for (const element of value as unknown[]) yield* imagesIn(type.of, element);
  else if (type.kind === 'struct')
    for (const [name, field] of Object.entries(type.fields)) yield* imagesIn(field, (value as Row)[name]);
  else yield value as ExportImage;
}

const isImage = (value: unknown): value is ExportImage =>
  value !== null && typeof value === 'object' && 'png' in value && value.png instanceof Uint8Array;
