import type { Columns, ColumnType } from '../tables/columns.ts';
import type { TableType } from '../tables/table.ts';

export interface CardContent {
  title: string;
  description: string;
  /** The files that have rows. */
  files: readonly { split: string; path: string }[];
  table: TableType;
  columns: Columns;
  /** In the user's words; empty where none is given. */
  license: string;
}

/**
 * The dataset card, `README.md`: its YAML header says which file is which split, and for JSON Lines the type of each column, which
 * `datasets` would otherwise infer from the first rows, where a column may have no value yet.
 */
export function datasetCard({ title, description, files, table, columns, license }: CardContent): string {
  const header = {
    ...(license !== '' && { license: 'other', license_name: license }),
    configs: [{ config_name: 'default', data_files: files }],
    ...(table.extension === '.jsonl' && { dataset_info: { features: featuresOf(columns) } }),
  };
  // JSON is YAML.
  const lines = Object.entries(header).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [
    '---',
    ...lines,
    '---',
    '',
    `# ${title}`,
    '',
    description,
    '',
    'Written by Pentimento. `manifest.json` says which trajectories and options it was made of, `drops.jsonl` what was left out and why.',
    '',
  ].join('\n');
}

/** As a dataset card writes features (`Features._to_yaml_list` of `datasets`). An image is the path of its file. */
const featuresOf = (columns: Columns): object[] =>
  Object.entries(columns).map(([name, type]) => ({ name, ...featureOf(type) }));

function featureOf(type: ColumnType): object {
  switch (type.kind) {
    case 'int':
      return { dtype: 'int64' };
    case 'float':
      return { dtype: 'float64' };
    case 'list':
      return { list: elementOf(type.of) };
    case 'struct':
      return { struct: featuresOf(type.fields) };
    case 'bool':
      return { dtype: 'bool' };
    default:
      return { dtype: 'string' };
  }
}

function elementOf(type: ColumnType): unknown {
  if (type.kind === 'struct') return featuresOf(type.fields);
  const feature = featureOf(type);
  return 'dtype' in feature ? feature.dtype : feature;
}
