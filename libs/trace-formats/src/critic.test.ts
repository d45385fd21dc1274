import { expect, it } from 'vitest';
import { exportTraces, type Trace } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { featuresIn, readParquet } from '../../traces/src/testing/read-tables.ts';
import { blobOf, sampleTrace } from '../../traces/src/testing/traces.ts';
import { criticRow } from './critic-row.ts';
import { critic } from './critic.ts';

async function exportOne(change: (trace: Trace) => void = () => undefined) {
  const trace = sampleTrace(1);
  change(trace);
  const files = new MemoryFiles();
  await exportTraces(critic, streamOf([trace]), memoryContext(files));
  const rows = files.contents.has('train.parquet') ? await readParquet(files, 'train.parquet') : [];
  return { files, rows, drops: files.lines('drops.jsonl') };
}

it('writes the patches of the next prompt as what is wrong, and renders at the threshold as done', async () => {
  const { files, rows, drops } = await exportOne();
  expect(rows.map(({ candidate_id, done }) => [candidate_id, done])).toEqual([
    [sampleTrace(1).iterations[0]!.candidates[0]!.id, false],
    [sampleTrace(1).iterations[1]!.candidates[0]!.id, true],
  ]);
  expect(rows[0]).toMatchObject({
    images: [{ path: `${blobOf('target 1')}.png` }, { path: `${blobOf('render 0/0 1')}.png` }],
    messages: [{ role: 'user' }, { role: 'assistant', content: '<ref-object><bbox>' }],
    objects: { ref: ['scores 0.500, 90 % of the lost score'], bbox: [[8, 8, 24, 24]], image_id: [0n] },
    findings: [{ x: 8n, y: 8n, width: 16n, height: 16n, score: 0.5 }],
  });
  expect(rows[1]).toMatchObject({
    messages: [{ role: 'user' }, { role: 'assistant', content: 'DONE' }],
    objects: { ref: [], bbox: [], image_id: [] },
    findings: [],
  });
  const [question] = rows[0]!['messages'] as { content: string }[];
  expect(question!.content.split('<image>')).toHaveLength(3);
  expect(featuresIn(files, 'train.parquet')).toMatchObject({
    info: { features: { images: { feature: { _type: 'Image' } } } },
  });
  expect(drops).toMatchObject([{ reason: 'no_patches' }]);
});

it('takes a render for done where the next prompt found nothing to fix, but not where it asked to start from scratch', async () => {
  const refined = await exportOne(({ iterations }) => (iterations[1]!.patches = []));
  expect(refined.rows.map(({ done }) => done)).toEqual([true, true]);
  const rewritten = await exportOne(({ iterations }) =>
    Object.assign(iterations[1]!, { kind: 'rewrite', patches: [] }),
  );
  expect(rewritten.drops).toMatchObject([{ reason: 'no_patches', iteration: 0 }, { reason: 'no_patches' }]);
});

it('reads the threshold by the term of the policy', async () => {
  const { rows } = await exportOne(({ job }) => Object.assign(job.policy, { profile: 'execution', threshold: 1 }));
  expect(rows.map(({ done }) => done)).toEqual([true, true, true]);
});

it('lists candidates that did not render', async () => {
  const { drops } = await exportOne(({ iterations }) => (iterations[0]!.candidates[0]!.render = null));
  expect(drops[0]).toMatchObject({ reason: 'not_rendered' });
});

it('makes rows of located findings from anywhere', () => {
  const image = { id: blobOf('target 1'), png: new Uint8Array(), width: 64, height: 48 };
  const box = { x: 1, y: 2, width: 3, height: 4 };
  const findings = [
    { box, text: 'The bar is red and should be blue.', score: null },
    { box, text: 'A label is missing.', score: 0.2 },
  ];
  expect(criticRow({ target: image, render: image, findings })).toMatchObject({
    messages: [{ role: 'user' }, { role: 'assistant', content: '<ref-object><bbox>\n<ref-object><bbox>' }],
    objects: {
      ref: ['The bar is red and should be blue.', 'A label is missing.'],
      bbox: [
        [1, 2, 4, 6],
        [1, 2, 4, 6],
      ],
    },
    done: false,
  });
});
