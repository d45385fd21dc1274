import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { rewardRecordSchema } from '@pentimento/contracts';
import { blur, example, paint, shift } from '@pentimento/imaging/testing';
import { createReward, type Reward, type RewardOptions } from './reward.ts';

const noAbort = new AbortController().signal;
const open: Reward[] = [];
afterEach(() => Promise.all(open.splice(0).map((reward) => reward.close())));

function newReward(options?: RewardOptions): Reward {
  const reward = createReward(options);
  open.push(reward);
  return reward;
}

describe('the additional terms', () => {
  it('are 1 for the same image in other bytes', async () => {
    const target = example('tiny-icon');
    const render = await sharp(target).png({ compressionLevel: 1 }).toBuffer();
    const { terms, shift } = await newReward().score({ target, render, alignment: 1 }, noAbort);
    expect(terms).toMatchObject({ lowQuantile: 1, size: 1, aspect: 1, color: 1, shiftTolerant: 1, strict: 1 });
    expect([terms.windows, terms.text, shift]).toEqual([null, null, { x: 0, y: 0 }]);
  });

  it('show a render of another size and shape, which the published rule stretches', async () => {
    const target = example('heatmap');
    const half = await sharp(target).resize({ width: 320, height: 540, fit: 'fill' }).png().toBuffer();
    const { terms } = await newReward().score({ target, render: half, alignment: 1 }, noAbort);
    expect(terms).toMatchObject({ size: 0.5, aspect: 0.5 });
  });

  it('find a shift that the grid punishes', async () => {
    const target = example('isometric');
    const record = await newReward().score({ target, render: await shift(target, 4), alignment: 1 }, noAbort);
    expect(record.shift).toEqual({ x: 4, y: 4 });
    expect(record.terms.shiftTolerant).toBeGreaterThan(0.98);
    expect(record.terms.color).toBeGreaterThan(0.95);
    expect(record.terms.worstTile).toBeLessThan(record.terms.shiftTolerant!);
  });

  it('catch wrong text of the same length', async () => {
    const reward = newReward();
    const target = example('tiny-icon');
    const render = await blur(target, 1);
    const textOf = async (text: { target: string | null; render: string | null }) =>
      (await reward.score({ target, render, alignment: 1, text }, noAbort)).terms.text;
    expect(await textOf({ target: 'Total 48,317', render: 'Total 92,605' })).toBeCloseTo(1 - 5 / 12, 12);
    expect(await textOf({ target: 'Total 48,317', render: 'Total 48,317' })).toBe(1);
    expect(await textOf({ target: null, render: 'Total' })).toBeNull();
    expect(await textOf({ target: 'Total', render: null })).toBeNull();
    expect(reward.counters().targets).toBe(1);
  });

  it('are 0 where nothing rendered, and null where they would be in any case', async () => {
    const reward = newReward();
    const lost = { lowQuantile: 0, size: 0, aspect: 0, color: 0, shiftTolerant: 0, strict: 0 };
    const text = { target: 'Total', render: null };
    const tall = await reward.score({ target: example('long-report'), render: null, alignment: 1, text }, noAbort);
    expect(tall.terms).toMatchObject({ ...lost, windows: 0, text: 0 });
    expect(tall).toMatchObject({ windows: [], shift: null });
    const small = await reward.score({ target: example('badge'), render: null, alignment: 1 }, noAbort);
    expect(small.terms).toMatchObject({ ...lost, windows: null, text: null });
  });

  it('look at a tall page in windows, and its map has their detail', { timeout: 60_000 }, async () => {
    const reward = newReward();
    const target = example('long-report');
    const box = { x: 300, y: 3000, width: 40, height: 30 };
    const record = await reward.score({ target, render: await paint(target, box, '#c00'), alignment: 1 }, noAbort);
    expect(rewardRecordSchema.parse(record)).toEqual(record);
    expect(record.windows).toHaveLength(27);
    const wrong = record.windows.filter(({ score }) => score < 1);
    expect(wrong.map((window) => window.box)).toEqual([{ x: 0, y: 2688, width: 448, height: 448 }]);
    expect(record.terms.windows).toBeCloseTo(1 - (1 - wrong[0]!.score) / 27, 12);
    expect(record.map).toMatchObject({ columns: 51, rows: 159 });
    const { inferences } = reward.counters();
    const without = newReward({ windows: 'never' });
    const plain = await without.score({ target, render: await paint(target, box, '#c00'), alignment: 1 }, noAbort);
    expect([plain.terms.windows, plain.windows]).toEqual([null, []]);
    expect(plain.terms.overall).toBe(record.terms.overall);
    expect(without.counters().inferences).toBeLessThan(inferences);
  });
});
