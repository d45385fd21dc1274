import type { RenderRequest, RenderResult } from '@pentimento/contracts';
import { EncoderError } from '@pentimento/encoder';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { InvalidRenderError } from '../errors.ts';
import { createReward, type ScoreInput } from '../reward.ts';
import { createRewardService } from './reward-service.ts';

const noAbort = new AbortController().signal;
const reward = createReward();
afterAll(() => reward.close());

const base = { renderer: 'paint 1', ms: 1 };
const sized = { width: 8, height: 8 };
const png = await sharp({ create: { ...sized, channels: 3, background: '#c00' } })
  .png()
  .toBuffer();
const renderers = {
  render: ({ code }: RenderRequest): Promise<RenderResult> =>
    Promise.resolve(
      code === 'good'
        ? { status: 'ok', image: png, ...sized, log: '', text: null, molecule: null, bitmapShare: null, ...base }
        : { status: 'failed', kind: 'syntax', message: 'No color.', ...base },
    ),
};

/** The results of one item whose render cannot be scored for this reason, and of one that does not render. */
async function scoredBy(error: Error) {
  const failures: Error[] = [];
  const service = createRewardService({
    reward: {
      version: () => reward.version(),
      score: (input: ScoreInput, signal) => (input.render ? Promise.reject(error) : reward.score(input, signal)),
    },
    renderers,
    languages: [{ id: 'svg', fenceNames: ['svg', 'xml'] }],
    onFailure: (failure) => failures.push(failure),
  });
  const item = { language: 'svg', reference: { data: png.toString('base64') } };
  const items = [
    { ...item, id: 'a', code: 'good' },
    { ...item, id: 'b', code: 'bad' },
  ];
  const { results } = await service.score({ deadlineMs: 60_000, records: false, items }, noAbort);
  return { results, failures };
}

it('has failed, and the rest of its batch is scored', async () => {
  const error = new InvalidRenderError('The render cannot be read.');
  const { results, failures } = await scoredBy(error);
  expect(results[0]).toMatchObject({
    status: 'not_rendered',
    components: { overall: 0.1, execution: 0 },
    error: { kind: 'runtime', message: 'The render cannot be read.' },
  });
  expect(results[1]).toMatchObject({ status: 'not_rendered' });
  expect(failures).toEqual([error]);
});

it('is never a number where nothing can be scored', async () => {
  const { results } = await scoredBy(new EncoderError('The encoder is gone: install it.'));
  expect(results[0]).toMatchObject({ status: 'unavailable', score: null });
});
