import type { ExportImage } from '../images/export-image.ts';
import type { Columns, ColumnType } from './columns.ts';
import type { Row } from './table.ts';

/** The row with its columns in order, as JSON has them; `imageOf` says what stands for an image. */
export function jsonRow(columns: Columns, row: Row, imageOf: (image: ExportImage) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, type]) => [name, valueOf(type, row[name] ?? null, imageOf)]),
  );
}

function valueOf(type: ColumnType, value: unknown, imageOf: (image: ExportImage) => unknown): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'image':
    case 'imageBytes':
      return imageOf(value as ExportImage);
    case 'list':
      return (value as unknown[]).map((element) => valueOf(type.of, element, imageOf));
    case 'struct':
      // A field that is absent stays absent: templates test whether a key is there.
      return Object.fromEntries(
        Object.entries(type.fields).flatMap(([name, field]) => {
          const part = (value as Row)[name];
          return part === undefined ? [] : [[name, valueOf(field, part, imageOf)]];
        }),
      );
    default:
      return value;
  }
}
