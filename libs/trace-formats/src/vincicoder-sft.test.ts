import { fence } from '@pentimento/contracts';
import { expect, it } from 'vitest';
import { exportRows } from '../../traces/src/testing/read-tables.ts';
import { promptWith, withTexts } from '../../traces/src/testing/sample-blobs.ts';
import { blobOf, readSampleBlob, sampleCode, sampleTrace } from '../../traces/src/testing/traces.ts';
import { vincicoderSft } from './vincicoder-sft.ts';

const flawed = sampleCode('0/0');
const better = sampleCode('1/0');
const request = `<image>The image is the target. The code below should draw it, but what it draws differs. Correct the code.`;

it('makes a row of each candidate that scores higher than its parent', async () => {
  const { rows, drops } = await exportRows(vincicoderSft, [sampleTrace(1)]);
  expect(rows).toMatchObject([
    {
      user_content: `${request}\n\n${fence(flawed, 'svg')}`,
      assistant_content: fence(better, 'svg'),
      image: await readSampleBlob(blobOf('target 1')),
      render: await readSampleBlob(blobOf('render 0/0 1')),
      score_before: 0.8,
      score_after: 0.96,
      boxes: [{ x: 8n, y: 8n, width: 16n, height: 16n }],
      verdict: 'accepted',
    },
  ]);
  expect(drops).toMatchObject([
    { reason: 'no_pair', iteration: 0, detail: 'It did not start from code.' },
    { reason: 'no_gain', iteration: 1 },
  ]);
});

it('takes the name of the fence from the prompt, and says what the user asked for', async () => {
  const trace = sampleTrace(1);
  trace.job.instructions = ' Keep the legend. ';
  const texts = withTexts({ 'prompt 1 1': promptWith(`The current code:\n\n${fence(flawed, 'xml')}\n\nReply.`) });
  const { rows } = await exportRows(vincicoderSft, [trace], texts);
  expect(rows[0]).toMatchObject({
    user_content: `${request}\n\nKeep the legend.\n\n${fence(flawed, 'xml')}`,
    assistant_content: fence(better, 'xml'),
  });
});

it('has no render where the flawed code does not render', async () => {
  const trace = sampleTrace(1);
  const failed = { status: 'failed', kind: 'syntax', message: 'Broken.', renderer: 'svg 1', ms: 1 } as const;
  trace.iterations[0]!.candidates[0]!.render = failed;
  const { rows } = await exportRows(vincicoderSft, [trace]);
  expect(rows).toMatchObject([{ render: null }]);
});

it.each([
  ['no_code', { code: null, render: null }],
  ['not_rendered', { render: null }],
])('lists a candidate that leaves nothing to learn: %s', async (reason, change) => {
  const trace = sampleTrace(1);
  Object.assign(trace.iterations[1]!.candidates[0]!, change);
  const { rows, drops } = await exportRows(vincicoderSft, [trace]);
  expect(rows).toEqual([]);
  expect(drops[1]).toMatchObject({ reason, iteration: 1 });
});

it('lists a candidate whose parent has no code', async () => {
  const trace = sampleTrace(1);
  Object.assign(trace.iterations[0]!.candidates[0]!, { code: null, render: null });
  const { drops } = await exportRows(vincicoderSft, [trace]);
  expect(drops.map(({ reason }) => reason)).toEqual(['no_pair', 'no_pair', 'no_pair']);
});

it.each(['code 0/0 1', 'code 1/0 1'])('drops a row whose %s holds the image tag', async (name) => {
  const { rows, drops } = await exportRows(vincicoderSft, [sampleTrace(1)], withTexts({ [name]: '<svg><image>' }));
  expect(rows).toEqual([]);
  expect(drops).toContainEqual(expect.objectContaining({ reason: 'image_tag_in_text' }));
});
