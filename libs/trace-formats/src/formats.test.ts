import { expect, it } from 'vitest';
import { blobIdsOf, exportTraces, type TraceExporter, traceSchema } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { describeExporter } from '../../traces/src/testing/exporter-contract.ts';
import { scoreTable } from '../../traces/src/testing/score-table.ts';
import { readSampleBlob, sampleTrace } from '../../traces/src/testing/traces.ts';
import { traceExporters } from './index.ts';
import { jsonl } from './jsonl.ts';

const allExporters: readonly TraceExporter[] = [...traceExporters, scoreTable];

for (const exporter of allExporters) describeExporter(exporter);

it('has no two formats of the same id', () => {
  expect(new Set(allExporters.map(({ id }) => id)).size).toBe(allExporters.length);
});

it('writes jsonl lines that read back as the traces, with every blob next to them', async () => {
  const files = new MemoryFiles();
  const traces = [sampleTrace(1), sampleTrace(2)];
  await exportTraces(jsonl, streamOf(traces), memoryContext(files));
  const lines = files.lines('traces.jsonl').map(({ taskId, split, ...trace }) => ({ taskId, split, trace }));
  expect(lines.map(({ trace }) => traceSchema.parse(trace))).toEqual(traces);
  expect(lines).toMatchObject([
    { taskId: expect.stringMatching(/^[0-9a-f]{64}$/), split: 'train' },
    { split: 'train' },
  ]);
  for (const id of traces.flatMap(blobIdsOf)) {
    expect(files.contents.get(`blobs/${id}`)).toEqual(await readSampleBlob(id));
  }
});
