import { exportOptionsSchema } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { exportRows } from '../../traces/src/testing/read-tables.ts';
import { promptWith, withTexts } from '../../traces/src/testing/sample-blobs.ts';
import { blobOf, sampleCode, sampleTrace } from '../../traces/src/testing/traces.ts';
import { swiftSft } from './swift-sft.ts';
import { trlSft } from './trl-sft.ts';
import { verlSft } from './verl-sft.ts';

const formats = [verlSft, trlSft, swiftSft];
const reply = `Here it is.\n\n\`\`\`svg\n${sampleCode('1/1')}\n\`\`\``;
const improvedOnly = exportOptionsSchema.parse({ improvedOnly: true });

it.each([verlSft, swiftSft])('$id: one conversation a reply, with the images of its prompt', async (format) => {
  const { rows, drops } = await exportRows(format, [sampleTrace(1)]);
  expect([rows.length, drops]).toEqual([3, []]);
  const [, , worse] = rows;
  const messages = worse!['messages'] as { role: string; content: string }[];
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
  expect(messages.map(({ content }) => content.split('<image>').length - 1)).toEqual([0, 2, 0]);
  expect(messages[2]!.content).toBe(reply);
  expect((worse!['images'] as { path: string }[]).map(({ path }) => path)).toEqual([
    `${blobOf('target 1')}.png`,
    `${blobOf('render 0/0 1')}.png`,
  ]);
});

it('trl-sft: prompt and completion apart, in parts', async () => {
  const { rows } = await exportRows(trlSft, [sampleTrace(1)]);
  expect(rows).toHaveLength(3);
  const [, , worse] = rows;
  const prompt = worse!['prompt'] as { role: string; content: { type: string }[] }[];
  expect(prompt.map(({ role }) => role)).toEqual(['system', 'user']);
  expect(prompt[1]!.content.filter(({ type }) => type === 'image')).toHaveLength(2);
  expect(worse!['completion']).toEqual([{ role: 'assistant', content: [{ type: 'text', text: reply }] }]);
  expect(worse!['images']).toHaveLength(2);
});

it.each(formats)('$id: tags every row with what became of it', async (format) => {
  const trace = sampleTrace(1);
  const broken = trace.iterations[1]!.candidates[1]!;
  Object.assign(broken, { parseStatus: 'cut_off', parseDetail: 'It was cut off.', code: null, render: null });
  broken.call!.finishReason = 'length';
  trace.iterations[1]!.verdicts[1] = 'no_code';
  const { rows } = await exportRows(format, [trace]);
  expect(rows).toMatchObject([
    { kind: 'draft', score: 0.8, gain: null, verdict: 'accepted', parse_status: 'code', finish_reason: 'stop' },
    { kind: 'refine', score: 0.96, gain: expect.closeTo(0.16), verdict: 'accepted', candidate_id: expect.any(String) },
    { kind: 'refine', score: 0.7, verdict: 'no_code', parse_status: 'cut_off', finish_reason: 'length', alarms: [] },
  ]);
});

it.each(formats)('$id: keeps drafts that render and replies with gain where only those are wanted', async (format) => {
  const trace = sampleTrace(1);
  const [first, second] = trace.iterations[1]!.candidates;
  const third = structuredClone(second!);
  Object.assign(first!, { code: null, render: null, parseDetail: 'There is no fenced block.' });
  third.id = sampleTrace(2).iterations[0]!.candidates[0]!.id;
  third.render = { status: 'failed', kind: 'syntax', message: 'Broken.', renderer: 'svg 1', ms: 1 };
  trace.iterations[1]!.candidates.push(third);
  trace.iterations[1]!.verdicts.push('no_render');
  const { rows, drops } = await exportRows(format, [trace], { options: improvedOnly });
  expect(rows.map(({ candidate_id }) => candidate_id)).toEqual([trace.iterations[0]!.candidates[0]!.id]);
  expect(drops).toMatchObject([
    { reason: 'no_code', detail: 'The reply gave no code: There is no fenced block.', iteration: 1 },
    { reason: 'no_gain', detail: 'It scores 0.700; what it started from, 0.800.', candidate: second!.id },
    { reason: 'not_rendered', candidate: third.id },
  ]);
  expect((await exportRows(format, [sampleTrace(1)], { options: improvedOnly })).rows).toHaveLength(2);
});

it.each(formats)('$id: leaves out what a guard held back where only improvements are wanted', async (format) => {
  const trace = sampleTrace(1);
  trace.iterations[1]!.verdicts[0] = 'text_lost';
  const { drops } = await exportRows(format, [trace], { options: improvedOnly });
  expect(drops).toContainEqual(
    expect.objectContaining({
      reason: 'held_back',
      detail: 'A guard held it back: text_lost.',
      candidate: trace.iterations[1]!.candidates[0]!.id,
    }),
  );
});

it.each([
  [verlSft, 'reply 0/0 1', '<image>', 1],
  [verlSft, 'reply 0/0 1', '<video>', 1],
  [verlSft, 'reply 0/0 1', '<audio>', 0],
  [swiftSft, 'reply 0/0 1', '<image>', 1],
  [swiftSft, 'prompt 0 1', '<image>', 1],
  [swiftSft, 'reply 0/0 1', '<video>', 0],
  [trlSft, 'reply 0/0 1', '<image>', 0],
  [trlSft, 'prompt 0 1', '<image>', 0],
])('$0.id: drops where its loader would split a text: %s holds %s', async (format, name, tag, dropped) => {
  const text = `Draw a ${tag} element.`;
  const texts = withTexts({ [name]: name.startsWith('prompt') ? promptWith(text) : text });
  const { rows, drops } = await exportRows(format, [sampleTrace(1)], texts);
  expect(rows).toHaveLength(3 - dropped);
  expect(drops.map(({ reason }) => reason)).toEqual(Array.from({ length: dropped }, () => 'image_tag_in_text'));
});

it.each(formats)('$id: drops code that came with the job', async (format) => {
  const trace = sampleTrace(1);
  trace.iterations[0]!.kind = 'provided';
  trace.iterations[0]!.candidates[0]!.call = null;
  const { rows, drops } = await exportRows(format, [trace]);
  expect(rows).toHaveLength(2);
  expect(drops).toMatchObject([{ reason: 'no_call', iteration: 0, candidate: expect.any(String) }]);
});
