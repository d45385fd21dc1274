import type { ExportImage } from '../images/export-image.ts';
import { jsonRow } from './json-row.ts';
import type { TableFiles, TableType } from './table.ts';

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
          await file.write(`${JSON.stringify(jsonRow(columns, row, pathOf))}\n`);
        },
        close: () => file.close(),
      };
    },
  };
}

const pathOf = ({ id }: ExportImage) => `images/${id}.png`;

async function writeImages(files: TableFiles, value: unknown, written: Set<string>): Promise<void> {
  if (value === null || typeof value !== 'object') return;
  if (!isImage(value)) {
    for (const part of Object.values(value)) await writeImages(files, part, written);
    return;
  }
  if (written.has(value.id)) return;
  const file = await files.open(pathOf(value));
  await file.write(value.png);
  await file.close();
  written.add(value.id);
}

const isImage = (value: object): value is ExportImage => 'png' in value && value.png instanceof Uint8Array;
