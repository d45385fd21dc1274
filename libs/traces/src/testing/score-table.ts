import type { TraceExporter } from '../exporter.ts';

/** A format that exists only in tests: a CSV row a candidate. It shows that a format is one file. */
export const scoreTable: TraceExporter = {
  id: 'score-table',
  description: 'One row a candidate with its score.',
  async open({ files }) {
    const table = await files.open('scores.csv');
    return {
      async write({ job, iterations }) {
        const candidates = iterations.flatMap((iteration) => iteration.candidates);
        for (const { id, reward } of candidates) await table.write(`${job.id},${id},${reward.terms.overall}\n`);
        return { rows: candidates.length };
      },
      close: () => table.close(),
    };
  },
};
