import { exportOptionsSchema } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { exportRows } from '../../traces/src/testing/read-tables.ts';
import { withTexts } from '../../traces/src/testing/sample-blobs.ts';
import { sampleCode, sampleTrace } from '../../traces/src/testing/traces.ts';
import type { Trace } from '@pentimento/traces';
import { swiftDpo } from './swift-dpo.ts';
import { swiftKto } from './swift-kto.ts';
import { trlDpo } from './trl-dpo.ts';
import { trlKto } from './trl-kto.ts';

const replyTo = (position: string) => `Here it is.\n\n\`\`\`svg\n${sampleCode(position)}\n\`\`\``;
const assistant = (text: string) => [{ role: 'assistant', content: [{ type: 'text', text }] }];
const options = (values: object) => ({ options: exportOptionsSchema.parse(values) });
const [best, worst] = sampleTrace(1).iterations[1]!.candidates;

const pair = {
  iteration: 1n,
  group_size: 2n,
  chosen_candidate_id: best!.id,
  rejected_candidate_id: worst!.id,
  chosen_score: 0.96,
  rejected_score: 0.7,
  score_gap: expect.closeTo(0.26),
  rejected_verdict: 'not_best',
};

it('trl-dpo: the best reply of a group against the worst, images in the prompt only', async () => {
  const { rows } = await exportRows(trlDpo, [sampleTrace(1)]);
  expect(rows).toMatchObject([
    { chosen: assistant(replyTo('1/0')), rejected: assistant(replyTo('1/1')), images: [{}, {}], ...pair },
  ]);
  const [, user] = rows[0]!['prompt'] as { content: { type: string }[] }[];
  expect(user!.content.filter(({ type }) => type === 'image')).toHaveLength(2);
});

it('swift-dpo: a conversation that ends on the chosen reply, and the rejected one as a text', async () => {
  const { rows } = await exportRows(swiftDpo, [sampleTrace(1)]);
  expect(rows).toMatchObject([{ rejected_response: replyTo('1/1'), images: [{}, {}], ...pair }]);
  const messages = rows[0]!['messages'] as { role: string; content: string }[];
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
  expect(messages[2]!.content).toBe(replyTo('1/0'));
});

/** A trace of one group of four, the worst of which does not render. */
function groupOfFour(): Trace {
  const trace = sampleTrace(1);
  const { candidates, verdicts } = trace.iterations[1]!;
  for (const [index, overall] of [0.97, 0.1].entries()) {
    const more = structuredClone(best!);
    more.id = sampleTrace(5 + index).iterations[0]!.candidates[0]!.id;
    more.reward.terms.overall = overall;
    candidates.push(more);
    verdicts.push('not_best');
  }
  candidates[3]!.render = { status: 'failed', kind: 'syntax', message: 'Broken.', renderer: 'svg 1', ms: 1 };
  candidates[3]!.call!.reply = worst!.call!.reply;
  return trace;
}

it('makes one pair of a group of any size', async () => {
  const trace = groupOfFour();
  const [, , third, fourth] = trace.iterations[1]!.candidates;
  for (const format of [trlDpo, swiftDpo]) {
    const { rows, drops } = await exportRows(format, [trace]);
    expect(rows).toMatchObject([{ chosen_candidate_id: third!.id, rejected_candidate_id: fourth!.id, group_size: 4n }]);
    expect(drops).toMatchObject([{ reason: 'no_pair', iteration: 0, detail: 'The group has one reply.' }]);
  }
});

it.each<[string, (trace: Trace) => void, object, string]>([
  ['scores that are too close', () => undefined, { margin: 0.3 }, 'Its scores are 0.260 apart, less than 0.3.'],
  [
    'no reply that renders',
    ({ iterations }) => {
      for (const candidate of iterations[1]!.candidates) candidate.render = null;
    },
    {},
    'None of its replies renders.',
  ],
  [
    'the same text twice',
    ({ iterations: [, group] }) => (group!.candidates[1]!.call!.reply = group!.candidates[0]!.call!.reply),
    {},
    'Its best and its worst reply are the same text.',
  ],
])('lists a group without a pair: %s', async (_, change, values, detail) => {
  const trace = sampleTrace(1);
  change(trace);
  for (const format of [trlDpo, swiftDpo]) {
    const { rows, drops } = await exportRows(format, [trace], options(values));
    expect(rows).toEqual([]);
    expect(drops).toMatchObject([
      { reason: 'no_pair', iteration: 0 },
      { reason: 'no_pair', iteration: 1, detail },
    ]);
  }
});

it('takes a gap of exactly the margin, whatever its rounding', async () => {
  const trace = sampleTrace(1);
  trace.iterations[1]!.candidates[0]!.reward.terms.overall = 0.95;
  trace.iterations[1]!.candidates[1]!.reward.terms.overall = 0.9;
  expect((await exportRows(trlDpo, [trace], options({ margin: 0.05 }))).rows).toHaveLength(1);
});

it('drops a pair whose text its loader would split, in ms-swift only', async () => {
  const texts = withTexts({ 'reply 1/1 1': 'An <image> element.' });
  expect((await exportRows(trlDpo, [sampleTrace(1)], texts)).rows).toHaveLength(1);
  const { rows, drops } = await exportRows(swiftDpo, [sampleTrace(1)], texts);
  expect(rows).toEqual([]);
  expect(drops[1]).toMatchObject({ reason: 'image_tag_in_text', iteration: 1 });
});

it.each([
  [{}, [false, true, false]],
  [{ threshold: 0.8 }, [true, true, false]],
  [{ improvedOnly: true }, [false, true, false]],
])('labels each reply by the threshold: %j', async (values, labels) => {
  for (const format of [trlKto, swiftKto]) {
    const { rows } = await exportRows(format, [sampleTrace(1)], options(values));
    expect(rows.map(({ label }) => label)).toEqual(labels);
    expect(rows[1]).toMatchObject({ score: 0.96, images: [{}, {}] });
  }
});

it('writes labeled replies as each trainer reads them', async () => {
  const [trl, swift] = [await exportRows(trlKto, [sampleTrace(1)]), await exportRows(swiftKto, [sampleTrace(1)])];
  expect(trl.rows[1]!['completion']).toEqual(assistant(replyTo('1/0')));
  expect((swift.rows[1]!['messages'] as object[])[2]).toEqual({ role: 'assistant', content: replyTo('1/0') });
});

it.each([trlDpo, swiftDpo])('$id: never prefers a reply that a guard held back', async (format) => {
  const trace = groupOfFour();
  trace.iterations[1]!.verdicts[2] = 'embedded_bitmap';
  const { rows } = await exportRows(format, [trace]);
  expect(rows).toMatchObject([{ chosen_candidate_id: best!.id }]);
  for (const index of [0, 1, 2]) trace.iterations[1]!.verdicts[index] = 'tile_lost';
  const { drops } = await exportRows(format, [trace]);
  expect(drops).toContainEqual(
    expect.objectContaining({ reason: 'no_pair', detail: 'A guard held back every reply that renders.' }),
  );
});

it.each([trlKto, swiftKto])('$id: labels no reply good that a guard held back', async (format) => {
  const trace = groupOfFour();
  trace.iterations[1]!.verdicts = ['embedded_bitmap', 'embedded_bitmap', 'embedded_bitmap', 'embedded_bitmap'];
  const { rows } = await exportRows(format, [trace], options({ threshold: 0.9 }));
  expect(rows.filter(({ iteration }) => iteration === 1n).map(({ label }) => label)).not.toContain(true);
});
