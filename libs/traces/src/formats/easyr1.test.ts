import { expect, it } from 'vitest';
import { exportSamples } from '../testing/read-tables.ts';
import { blobOf, readSampleBlob } from '../testing/traces.ts';
import { easyr1 } from './easyr1.ts';

it('writes one prompt a row with an image tag an image, the target first', async () => {
  const rows = await exportSamples(easyr1, 'train.parquet', 1);
  expect(rows).toHaveLength(3);
  const [draft, refinement] = rows;
  expect(draft!['problem']).toContain('Draw the target.');
  expect((draft!['problem'] as string).split('<image>')).toHaveLength(2);
  expect(draft!['images']).toEqual([
    { bytes: await readSampleBlob(blobOf('target 1')), path: `${blobOf('target 1')}.png` },
  ]);
  expect(JSON.parse(draft!['answer'] as string)).toEqual({
    task: draft!['task_id'],
    target: blobOf('target 1'),
    language: 'svg',
  });
  expect((refinement!['problem'] as string).split('<image>')).toHaveLength(3);
  expect((refinement!['images'] as { path: string }[]).map(({ path }) => path)).toEqual([
    `${blobOf('target 1')}.png`,
    `${blobOf('render 0/0 1')}.png`,
  ]);
  expect(refinement).toMatchObject({
    score: 0.96,
    iteration: 1n,
    policy_version: 'step 7',
    capture_level: 'token_exact',
  });
});
