import { expect, it } from 'vitest';
import { exportTraces, sha256Of, type Trace } from '@pentimento/traces';
import { MemoryFiles, memoryContext, streamOf } from '../../traces/src/testing/export-files.ts';
import { blobOf, readSampleBlob, sampleTrace } from '../../traces/src/testing/traces.ts';
import { visualReflection } from './visual-reflection.ts';

async function exportOne(trace: Trace, readBlob = readSampleBlob) {
  const files = new MemoryFiles();
  await exportTraces(visualReflection, streamOf([trace]), memoryContext(files, { readBlob }));
  return files;
}

it('writes a state for each render and a step for each state, the last of which stops', async () => {
  const files = await exportOne(sampleTrace(1));
  const [row] = files.lines('train.jsonl');
  const [draft, best] = ['render 0/0 1', 'render 1/0 1'].map(blobOf);
  expect(row).toMatchObject({
    source_record_id: sampleTrace(1).job.id,
    pipeline_variant: 'direct_parse',
    prompt: `Reproduce the target image images/${blobOf('target 1')}.png, 64x48 pixels, as svg code.`,
    images: [
      { uri: `images/${draft}.png`, sha256: draft },
      { uri: `images/${best}.png`, sha256: best },
    ],
    steps: [
      {
        reflection:
          'The render scores 0.800 of 1.\nThe region x=8 y=8 width=16 height=16 scores 0.500, 90 % of the lost score.',
        action: 'continue',
        edit: expect.stringContaining('```svg'),
      },
      { action: 'stop', edit: '' },
    ],
  });
  expect([...files.contents.keys()]).toContain(`images/${blobOf('target 1')}.png`);
});

it('names a trajectory by the hash of its content, with sorted keys', async () => {
  const [row] = (await exportOne(sampleTrace(1))).lines('train.jsonl');
  const { trajectory_id, ...content } = row!;
  const sorted = (value: unknown): unknown =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, part]) => [key, sorted(part)]),
        )
      : Array.isArray(value)
        ? value.map(sorted)
        : value;
  expect(trajectory_id).toBe(`traj_${await sha256Of(`visual_reflection_v1\0${JSON.stringify(sorted(content))}`)}`);
});

it('begins after the last candidate that did not render', async () => {
  const trace = sampleTrace(1);
  trace.iterations[0]!.candidates[0]!.render = null;
  const [row] = (await exportOne(trace)).lines('train.jsonl');
  expect(row).toMatchObject({ images: [{ sha256: blobOf('render 1/0 1') }], steps: [{ action: 'stop' }] });
});

it.each<[string, string, (trace: Trace) => void, string?]>([
  ['ends below the threshold', 'threshold_missed', ({ job }) => (job.policy.threshold = 0.99)],
  ['has no render', 'not_rendered', ({ job }) => (job.best = null)],
  ['has a reply that the form would split', 'reserved_header', () => undefined, 'Done.\nEdit: a circle'],
  ['has a reply without a word', 'no_code', () => undefined, ' \n'],
])('lists a trajectory that %s', async (_, reason, change, reply) => {
  const trace = sampleTrace(1);
  change(trace);
  const readBlob = (id: string) =>
    reply !== undefined && id === blobOf('reply 1/0 1')
      ? Promise.resolve(new TextEncoder().encode(reply))
      : readSampleBlob(id);
  expect((await exportOne(trace, readBlob)).lines('drops.jsonl')).toMatchObject([{ reason }]);
});
