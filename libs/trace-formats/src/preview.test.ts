import { expect, it } from 'vitest';
import { easyr1 } from './easyr1.ts';
import { jsonl } from './jsonl.ts';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { exportSamples } from '../../traces/src/testing/read-tables.ts';
import { scoreTable } from '../../traces/src/testing/score-table.ts';
import { blobOf, sampleTrace } from '../../traces/src/testing/traces.ts';
import { previewTraces, type TraceExporter } from '@pentimento/traces';

const limits = { rows: 20, drops: 100, size: 1_000_000 };
const context = memoryContext(new MemoryFiles());
const samples = (count: number) => Array.from({ length: count }, (_, index) => sampleTrace(index + 1));
const preview = (exporter: TraceExporter, count: number, parts: Partial<typeof limits> = {}) =>
  previewTraces(exporter, streamOf(samples(count)), context, { ...limits, ...parts });

it('has the rows as the format writes them, and images as blobs with their size', async () => {
  const { rows, drops, complete } = await preview(easyr1, 1);
  expect({ drops, complete }).toEqual({ drops: [], complete: true });
  const written = await exportSamples(easyr1, 'train.parquet', 1);
  expect(rows.map(({ row }) => row.answer)).toEqual(written.map(({ answer }) => answer));
  expect(rows[0]).toMatchObject({
    table: 'train',
    row: { problem: expect.stringContaining('<image>'), images: [{ image: blobOf('target 1'), width: 4, height: 4 }] },
  });
});

it('has the lines of a format that writes its own', async () => {
  const { rows, complete } = await preview(jsonl, 2);
  expect(complete).toBe(true);
  expect(rows.map(({ table, row }) => [table, (row.job as { id: string }).id])).toEqual(
    samples(2).map(({ job }) => ['traces', job.id]),
  );
});

it.each([
  ['rows', { rows: 4 }, 4, false],
  ['rows, where there are as many', { rows: 9 }, 9, true],
  ['size', { size: 500 }, 7, false],
  ['size, below that of one row', { size: 10 }, 0, false],
])('ends at the limit of %s', async (_, parts, expected, whole) => {
  const { rows, complete } = await preview(scoreTable, 3, parts);
  expect([rows.length, complete]).toEqual([expected, whole]);
});

it('reads no more traces than it needs', async () => {
  let read = 0;
  async function* counted() {
    for (const trace of samples(10)) {
      read += 1;
      yield trace;
    }
  }
  await previewTraces(scoreTable, counted(), context, { ...limits, rows: 4 });
  expect(read).toBe(3);
});

it('lists the drops of what it read, up to a limit', async () => {
  const traces = [{ job: { id: 'job_x' } }, sampleTrace(1), { job: { id: 'job_y' } }, { job: { id: 'job_z' } }];
  const { rows, drops, complete } = await previewTraces(scoreTable, streamOf(traces), context, { ...limits, drops: 2 });
  expect(rows).toHaveLength(3);
  expect(drops).toMatchObject([
    { job: 'job_x', reason: 'malformed' },
    { job: 'job_y', reason: 'malformed' },
  ]);
  expect(complete).toBe(false);
});

it('ends when it is aborted, with what it has', async () => {
  const abort = new AbortController();
  async function* stream() {
    yield sampleTrace(1);
    abort.abort();
    yield sampleTrace(2);
  }
  const { rows, complete } = await previewTraces(scoreTable, stream(), { ...context, signal: abort.signal }, limits);
  expect([rows.length, complete]).toEqual([3, false]);
});
