/** The type of a column's values. Every value may be null unless it is an element of a list. */
export type ColumnType =
  | { kind: 'string' | 'int' | 'float' | 'bool' | 'image' | 'imageBytes' | 'json' }
  | { kind: 'list'; of: ColumnType }
  | { kind: 'struct'; fields: Columns };

/** Columns by name, in order. */
export type Columns = Readonly<Record<string, ColumnType>>;

export const string = { kind: 'string' } as const;
/** Signed, 64 bits in a file; safe integers in a row. */
export const int = { kind: 'int' } as const;
/** 64 bits. */
export const float = { kind: 'float' } as const;
export const bool = { kind: 'bool' } as const;
/** Any JSON value: as it is in JSON, as text elsewhere. */
export const json = { kind: 'json' } as const;
/** An `ExportImage`. */
export const image = { kind: 'image' } as const;
/** An `ExportImage`, of which a table keeps the bytes alone: a binary column. */
export const imageBytes = { kind: 'imageBytes' } as const;
export const list = (of: ColumnType): ColumnType => ({ kind: 'list', of });
export const struct = (fields: Columns): ColumnType => ({ kind: 'struct', fields });

/** Whether an image is somewhere in the values. */
export function holdsImages(type: ColumnType): boolean {
  if (type.kind === 'list') return holdsImages(type.of);
  if (type.kind === 'struct') return Object.values(type.fields).some(holdsImages);
  return type.kind === 'image' || type.kind === 'imageBytes';
}

/**
 * The features of a table as the Hugging Face `datasets` library reads them from the file's metadata (key `huggingface`). Without them an
 * image column loads as dictionaries, not as images (datasets/features/features.py; the name `List` since version 4).
 */
export function featuresOf(columns: Columns): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, featureOf(type)]));
}

function featureOf(type: ColumnType): unknown {
  switch (type.kind) {
    case 'string':
    case 'bool':
      return { dtype: type.kind, _type: 'Value' };
    case 'json':
      return { dtype: 'string', _type: 'Value' };
    case 'int':
      return { dtype: 'int64', _type: 'Value' };
    case 'float':
      return { dtype: 'float64', _type: 'Value' };
    case 'image':
      return { _type: 'Image' };
    case 'imageBytes':
      return { dtype: 'binary', _type: 'Value' };
    case 'list':
      return { feature: featureOf(type.of), _type: 'List' };
    case 'struct':
      return featuresOf(type.fields);
  }
}
