import { rowExporter } from '../export/row-format.ts';
import { turnsOf } from '../derive/turns.ts';
import { float, string } from '../tables/columns.ts';
import { jsonLines } from '../tables/json-lines.ts';

/** A format that exists only in tests: a row a candidate. It shows that a format is one file. */
export const scoreTable = rowExporter({
  id: 'score-table',
  title: 'Score table',
  description: 'One row a candidate with its score.',
  unit: 'candidate',
  table: jsonLines,
  columns: { candidate: string, overall: float },
  meta: false,
  async *units({ trace }) {
    for (const { candidate, score } of turnsOf(trace)) yield { row: { candidate: candidate.id, overall: score } };
  },
});
