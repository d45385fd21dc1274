import { rowExporter, turnUnits } from '@pentimento/traces';
import { parquet as parquetTable } from '@pentimento/traces/tables';
import { candidateColumns, candidateRow } from './candidate-table.ts';

/** Every candidate for the Hugging Face `datasets` library, images decoded as such; also for pandas, DuckDB and the like. */
export const parquet = rowExporter({
  id: 'parquet',
  title: 'Hugging Face candidates',
  description: 'Every candidate with its images, code, prompt, scores and group, as Parquet for Hugging Face datasets.',
  unit: 'candidate',
  table: () => parquetTable,
  columns: candidateColumns,
  meta: true,
  card: true,
  units: (exported) => turnUnits(exported, (turn) => candidateRow(exported, turn)),
});
