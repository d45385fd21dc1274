import { expect, it } from 'vitest';
import { exportRows } from '../../traces/src/testing/read-tables.ts';
import { promptWith, withTexts } from '../../traces/src/testing/sample-blobs.ts';
import { blobOf, readSampleBlob, sampleTrace } from '../../traces/src/testing/traces.ts';
import type { Trace } from '@pentimento/traces';
import { easyr1 } from './easyr1.ts';
import { swiftGrpo } from './swift-grpo.ts';
import { trlGrpo } from './trl-grpo.ts';
import { verlRl } from './verl-rl.ts';

const system = { role: 'system', content: 'You write code that reproduces a target image.' };
const pathsOf = (images: unknown) => (images as { path: string }[]).map(({ path }) => path);
const targetPath = `${blobOf('target 1')}.png`;
const renderPath = `${blobOf('render 0/0 1')}.png`;

/** The group of the refinement of the first sample, rounded. */
const group = {
  job_id: sampleTrace(1).job.id,
  iteration: 1n,
  kind: 'refine',
  language: 'svg',
  model: 'openai-compatible/sample',
  policy_version: 'step 7',
  capture_level: 'token_exact',
  prompt_id: blobOf('prompt 1 1'),
  group_size: 2n,
  group_mean: expect.closeTo(0.83),
  group_std: expect.closeTo(0.26 / Math.SQRT2),
  group_range: expect.closeTo(0.26),
  group_all_failed: false,
  group_all_above_threshold: false,
};

it('easyr1: one prompt a row with an image tag an image, the target first', async () => {
  const { rows, drops } = await exportRows(easyr1, [sampleTrace(1)]);
  const [draft, refinement] = rows;
  expect([rows.length, drops]).toEqual([2, []]);
  expect(draft!['problem']).toMatch(/^You write code.+\n\nDraw the target\./);
  expect((draft!['problem'] as string).split('<image>')).toHaveLength(2);
  expect(draft!['images']).toEqual([{ bytes: await readSampleBlob(blobOf('target 1')), path: targetPath }]);
  expect(draft).toMatchObject({ kind: 'draft', group_size: 1n, group_std: 0 });
  expect((refinement!['problem'] as string).split('<image>')).toHaveLength(3);
  expect(pathsOf(refinement!['images'])).toEqual([targetPath, renderPath]);
  expect(refinement).toMatchObject(group);
});

it('verl-rl: a conversation, with everything that is no input inside extra_info', async () => {
  const { rows } = await exportRows(verlRl, [sampleTrace(1)]);
  const [, refinement] = rows;
  expect(Object.keys(refinement!)).toEqual([
    'data_source',
    'prompt',
    'images',
    'ability',
    'reward_model',
    'extra_info',
  ]);
  const [first, user] = refinement!['prompt'] as { role: string; content: string }[];
  expect(first).toEqual(system);
  expect(user!.role).toBe('user');
  expect(user!.content.split('<image>')).toHaveLength(3);
  expect(pathsOf(refinement!['images'])).toEqual([targetPath, renderPath]);
  expect(refinement).toMatchObject({
    data_source: 'pentimento/svg',
    ability: 'image_to_code',
    reward_model: { style: 'rule' },
    extra_info: { split: 'train', index: BigInt(`0x${blobOf('prompt 1 1').slice(0, 12)}`), ...group },
  });
});

it('trl-grpo: parts, whose image parts are as many as the images', async () => {
  const { rows } = await exportRows(trlGrpo, [sampleTrace(1)]);
  const [, refinement] = rows;
  const [first, user] = refinement!['prompt'] as { role: string; content: { type: string }[] }[];
  expect(first).toEqual({ role: 'system', content: [{ type: 'text', text: system.content }] });
  expect(user!.content.map(({ type }) => type)).toEqual(['text', 'text', 'image', 'text', 'image', 'text']);
  expect(pathsOf(refinement!['images'])).toEqual([targetPath, renderPath]);
  expect(refinement).toMatchObject({ ...group, solution: expect.stringContaining('"language":"svg"') });
});

it('swift-grpo: a conversation that ends on the user', async () => {
  const { rows } = await exportRows(swiftGrpo, [sampleTrace(1)]);
  const [, refinement] = rows;
  const messages = refinement!['messages'] as { role: string; content: string }[];
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(messages[1]!.content.split('<image>')).toHaveLength(3);
  expect(pathsOf(refinement!['images'])).toEqual([targetPath, renderPath]);
  expect(refinement).toMatchObject({ ...group, solution: expect.stringContaining('"language":"svg"') });
});

it('names the target, the language, the pixel ratio and the code that a reply may edit in the answer', async () => {
  const trace = sampleTrace(1);
  trace.job.target.deviceScale = 2;
  const { rows } = await exportRows(easyr1, [trace]);
  const [draft, refinement] = rows.map(({ answer }) => JSON.parse(answer as string));
  const target = { task: rows[0]!['task_id'], target: blobOf('target 1'), language: 'svg', deviceScale: 2 };
  expect(draft).toEqual(target);
  expect(refinement).toEqual({ ...target, code: blobOf('code 0/0 1') });
  trace.iterations[1]!.kind = 'repair';
  const repaired = await exportRows(easyr1, [trace]);
  expect(JSON.parse(repaired.rows[1]!['answer'] as string)).toEqual(target);
});

it.each([
  [easyr1, '<image>', ['image_tag_in_text']],
  [easyr1, '<video>', []],
  [verlRl, '<image>', ['image_tag_in_text']],
  [verlRl, '<video>', ['image_tag_in_text']],
  [verlRl, '<audio>', ['image_tag_in_text']],
  [swiftGrpo, '<image>', ['image_tag_in_text']],
  [swiftGrpo, '<video>', []],
  [trlGrpo, '<image>', []],
])('drops a prompt whose text holds what its loader splits at: $0.id, %s', async (exporter, tag, reasons) => {
  const texts = withTexts({ 'prompt 0 1': promptWith(`Draw a ${tag} element.`) });
  const { rows, drops } = await exportRows(exporter, [sampleTrace(1)], texts);
  expect(drops.map(({ reason }) => reason)).toEqual(reasons);
  expect(rows).toHaveLength(2 - reasons.length);
});

it.each<[string, (trace: Trace) => void, string]>([
  [
    'without a call',
    ({ iterations }) => {
      iterations[0]!.kind = 'provided';
      iterations[0]!.candidates[0]!.call = null;
    },
    'no_call',
  ],
])('drops a group %s', async (_, change, reason) => {
  const trace = sampleTrace(1);
  change(trace);
  for (const exporter of [easyr1, verlRl, trlGrpo, swiftGrpo]) {
    const { rows, drops } = await exportRows(exporter, [trace]);
    expect(rows).toHaveLength(1);
    expect(drops).toEqual([
      { job: trace.job.id, reason, detail: expect.any(String), iteration: reason === 'no_call' ? 0 : 1 },
    ]);
  }
});
