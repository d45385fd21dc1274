import { expect, it } from 'vitest';
import { processGrowth, slope, soak } from './soak.ts';

it(
  'renders hundreds of programs, a tenth of them hostile, and loses no slot, process, file or image',
  { timeout: 240_000 },
  async () => {
    const report = await soak({ renders: 200, concurrency: 2, deadlineMs: 5000 });
    expect(report).toMatchObject({ good: 180, hostile: 20, wrong: [], breaches: [], left: [] });
    expect(report.slotTime).toBeLessThan(2);
    expect(processGrowth(report.samples)).toBeLessThan(8);
  },
);

it('notices memory and processes that grow', () => {
  const samples = Array.from({ length: 10 }, (_, index) => ({
    ...{ renders: index * 100, parentBytes: 5e6 + index * 1000, treeBytes: 7e6, processes: 9 + index, descriptors: 20 },
  }));
  expect(slope(samples, (sample) => sample.parentBytes)).toBeCloseTo(10_000);
  expect(slope(samples, (sample) => sample.treeBytes)).toBeCloseTo(0);
  expect(processGrowth(samples)).toBe(4);
});
