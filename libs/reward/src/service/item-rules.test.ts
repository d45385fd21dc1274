import type { RewardBatch, RewardResult } from '@pentimento/api-contracts';
import type { RenderRequest, RenderResult } from '@pentimento/contracts';
import { blank, paint } from '@pentimento/imaging/testing';
import { afterAll, expect, it } from 'vitest';
import { createReward } from '../reward.ts';
import { createRewardService, type RewardServiceOptions } from './reward-service.ts';

const noAbort = new AbortController().signal;
const reward = createReward();
afterAll(() => reward.close());

const size = { width: 64, height: 48 };
const base64 = (image: Uint8Array) => Buffer.from(image).toString('base64');
const red = base64(await blank(size, '#c00'));
const white = base64(await blank(size, '#fff'));
const halves = base64(await paint(await blank(size, '#fff'), { x: 32, y: 0, width: 32, height: 48 }, '#c00'));

/** Renders the color that the code names. */
const renderers = {
  async render({ code }: RenderRequest): Promise<RenderResult> {
    const image = await blank(size, code);
    return {
      status: 'ok',
      image,
      ...size,
      log: '',
      text: null,
      molecule: null,
      bitmapShare: null,
      renderer: 'paint 1',
      ms: 1,
    };
  },
};
const languages = [{ id: 'svg', fenceNames: ['svg', 'xml'] as [string, string] }];
const service = (options: Partial<RewardServiceOptions> = {}) =>
  createRewardService({ reward, renderers, languages, ...options });
const batch = (...items: unknown[]): RewardBatch => ({ deadlineMs: 60_000, records: false, items });
const item = (id: string, rest: object) => ({ id, language: 'svg', reference: { data: red }, ...rest });
const reply = (code: string) => `Here it is:\n\`\`\`svg\n${code}\n\`\`\`\n`;

async function results(request: RewardBatch, options?: Partial<RewardServiceOptions>): Promise<RewardResult[]> {
  return (await service(options).score(request, noAbort)).results;
}

it('reads replies by the rule of the item, else by its own, and says so', async () => {
  const response = reply('#c00').replace('svg', 'SVG');
  const ask = (rest: object, options?: Partial<RewardServiceOptions>) =>
    results(batch(item('a', { response, ...rest })), options).then(([result]) => result!);
  expect(await ask({})).toMatchObject({ status: 'no_code', components: { alignment: 0 } });
  const lenient = await ask({ alignmentRule: 'lenient' });
  expect(lenient).toMatchObject({ status: 'ok', components: { alignment: 1, overall: 1 } });
  expect(lenient.rewardVersion).toMatch(/\/lenient-alignment$/);
  expect(await ask({}, { alignment: 'lenient' })).toMatchObject({ status: 'ok' });
  expect(await ask({ alignmentRule: 'published' }, { alignment: 'lenient' })).toMatchObject({ status: 'no_code' });
});

it('scores by the alpha mode of the item, apart from other scores of the same pair', async () => {
  const own = service();
  const pair = { image: halves };
  const items = [item('a', pair), item('b', { ...pair, alpha: 'reference' })];
  const first = await own.score(batch(...items), noAbort);
  const again = await own.score(batch(...items), noAbort);
  expect(first.results.map(({ rewardVersion }) => rewardVersion!.split('/').at(-1))).toEqual([
    expect.stringContaining('flatten-white'),
    expect.stringContaining('reference'),
  ]);
  expect(again.results.map(({ cached, rewardVersion }) => [cached, rewardVersion])).toEqual(
    first.results.map(({ rewardVersion }) => [true, rewardVersion]),
  );
});

it('scores a render that shows nothing as the image that it is, and says that it is empty', async () => {
  const reference = { data: halves };
  const [code, image] = await results(
    batch(item('code', { reference, code: '#fff' }), item('image', { reference, image: white })),
  );
  expect(code).toMatchObject({ status: 'ok', empty: true, score: image!.score });
  expect(image!.empty).toBe(true);
});

it('gives each result in turn', async () => {
  const { rewardVersion, results: inTurn } = await service().scoreInTurn(
    batch(item('a', { response: 'nothing' }), item('b', { code: '#c00' })),
    noAbort,
  );
  const given: [number, string][] = [];
  for await (const { index, result } of inTurn) given.push([index, result.id]);
  expect(given.toSorted()).toEqual([
    [0, 'a'],
    [1, 'b'],
  ]);
  expect(rewardVersion).toBe((await service().version()).id);
});
