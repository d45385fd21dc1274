import { rowExporter, turnUnits } from '@pentimento/traces';
import { jsonLines, string } from '@pentimento/traces/tables';
import { candidateColumns, candidateRow } from './candidate-table.ts';

/** Every candidate as a line of `rows.jsonl`, whose images are files: to look at, and for tools that read neither Parquet nor traces. */
export const folder = rowExporter({
  id: 'folder',
  title: 'JSON Lines and PNG files',
  description: 'Every candidate with its code, prompt, scores and group, a line each, with images as PNG files.',
  unit: 'candidate',
  table: jsonLines,
  columns: { split: string, ...candidateColumns },
  meta: true,
  card: true,
  fileOf: () => 'rows',
  units: (exported) =>
    turnUnits(exported, async (turn) => ({ split: exported.split, ...(await candidateRow(exported, turn)) })),
});
