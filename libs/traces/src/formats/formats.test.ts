import { expect, it } from 'vitest';
import { exportTraces, type TraceExporter } from '../exporter.ts';
import { MemoryFiles, memoryContext } from '../testing/export-files.ts';
import { describeExporter } from '../testing/exporter-contract.ts';
import { blobOf, sampleTrace } from '../testing/traces.ts';
import { blobIdsOf, traceSchema } from '../trace.ts';
import { traceExporters } from './index.ts';
import { jsonl } from './jsonl.ts';
import { scoreTable } from '../testing/score-table.ts';

const allExporters: readonly TraceExporter[] = [...traceExporters, scoreTable];

for (const exporter of allExporters) describeExporter(exporter);

it('has no two formats of the same id', () => {
  expect(new Set(allExporters.map(({ id }) => id)).size).toBe(allExporters.length);
});

it('writes jsonl lines that read back as the traces, with every blob next to them', async () => {
  const files = new MemoryFiles();
  const traces = [sampleTrace(1), sampleTrace(2)];
  const stream = (async function* () {
    yield* traces;
  })();
  expect(await exportTraces(jsonl, stream, memoryContext(files))).toEqual({ rows: 2, exported: 2, dropped: 0 });
  const lines = files.texts.get('traces.jsonl')!.trimEnd().split('\n');
  expect(lines.map((line) => traceSchema.parse(JSON.parse(line)))).toEqual(traces);
  for (const id of traces.flatMap(blobIdsOf)) expect(files.texts.get(`blobs/${id}`)).toBe(id);
});

it('drops a trace of jsonl whose image is gone', async () => {
  const files = new MemoryFiles();
  const stream = (async function* () {
    yield sampleTrace(1);
    yield sampleTrace(2);
  })();
  const gone = blobOf('target 1');
  const readBlob = (id: string) => Promise.resolve(id === gone ? null : new Uint8Array([1]));
  const summary = await exportTraces(jsonl, stream, memoryContext(files, { readBlob }));
  expect(summary).toEqual({ rows: 1, exported: 1, dropped: 1 });
  expect(JSON.parse(files.texts.get('drops.jsonl')!)).toMatchObject({ reason: 'missing_blob' });
});
