import type { Intervention } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { exportTraces, type Trace, type TraceExporter } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { blobOf, readSampleBlob, sampleTrace } from '../../traces/src/testing/traces.ts';
import { critic } from './critic.ts';
import { traceExporters } from './index.ts';
import { jsonl } from './jsonl.ts';
import { multiTurn } from './multi-turn.ts';
import { visualReflection } from './visual-reflection.ts';

/** A draft, an edit by hand, and a reply that started from the edit. */
function editedTrace(): Trace {
  const trace = sampleTrace(1, [[0.8], [0.9], [0.96, 0.7]]);
  const [draft, edit] = trace.iterations;
  const [byHand] = edit!.candidates;
  edit!.kind = 'edit';
  edit!.patches = [];
  Object.assign(byHand!, { call: null, parseStatus: 'provided' });
  const intervention: Intervention = {
    ...{ id: 'intv_00000000-0000-7000-8000-000000000001', jobId: trace.job.id, kind: 'edit' },
    ...{ candidate: draft!.candidates[0]!.id, code: byHand!.code!, fromIteration: 1, untilIteration: null },
    ...{ createdAt: trace.job.createdAt, withdrawnAt: null },
  };
  trace.interventions = [intervention];
  return trace;
}

async function exported(exporter: TraceExporter) {
  const files = new MemoryFiles();
  const read: string[] = [];
  const readBlob = (id: string) => (read.push(id), readSampleBlob(id));
  await exportTraces(exporter, streamOf([editedTrace()]), memoryContext(files, { readBlob }));
  return { files, read };
}

it.each(traceExporters)('$id: trains on no edit by hand as the reply of a model', async (exporter) => {
  const { files } = await exported(exporter);
  const drops = files.lines('drops.jsonl').filter(({ reason }) => reason !== 'no_call');
  expect(drops.filter(({ reason }) => reason === 'malformed' || reason === 'inconsistent')).toEqual([]);
  const whole = [...files.contents.values()].map((bytes) => new TextDecoder('latin1').decode(bytes)).join('\n');
  expect(whole).not.toContain('reply 1/0 1');
});

it('begins the turns to the best candidate at the edit', async () => {
  const { files } = await exported(multiTurn);
  expect(files.lines('train.jsonl')).toMatchObject([
    { initial_score: 0.9, turn_scores: [0.96], turns: [{ iteration: 2 }] },
  ]);
  const [row] = (await exported(visualReflection)).files.lines('train.jsonl');
  expect(row).toMatchObject({ images: ['render 1/0 1', 'render 2/0 1'].map((name) => ({ sha256: blobOf(name) })) });
});

it('lets what a later prompt says of a render stand, where an edit by hand says nothing', async () => {
  const { files } = await exported(critic);
  expect(files.lines('drops.jsonl').map(({ reason, iteration }) => [reason, iteration])).toEqual([
    ['no_patches', 0],
    ['no_patches', 2],
  ]);
});

it('keeps the interventions, with the iterations for which they hold', async () => {
  const { files } = await exported(jsonl);
  expect(files.lines('traces.jsonl')).toMatchObject([
    { interventions: [{ kind: 'edit', fromIteration: 1 }], iterations: [{}, { kind: 'edit' }, {}] },
  ]);
});
