import { rowExporter } from '../export/row-format.ts';
import { turnUnits } from '../export/units.ts';
import { parquet as parquetTable } from '../tables/parquet.ts';
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
