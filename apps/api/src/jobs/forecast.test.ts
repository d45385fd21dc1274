import { describe, expect, it } from 'vitest';
import { forecastOf } from './forecast.ts';

const job = (scores: (number | null)[], id = 'job') => ({ id, scores });
const many = (count: number, of: (index: number) => (number | null)[]) =>
  Array.from({ length: count }, (_, index) => job(of(index), `past ${index}`));

describe('the forecast of the next iteration', () => {
  it('is unknown where there is nothing to go by', () => {
    expect(
      forecastOf(
        job([]),
        many(9, () => [0.5, 0.6]),
      ),
    ).toBeNull();
    expect(
      forecastOf(
        job([null]),
        many(9, () => [0.5, 0.6]),
      ),
    ).toBeNull();
    expect(forecastOf(job([0.5]), [])).toBeNull();
    expect(forecastOf(job([0.5]), [job([0.5, 0.9]), job([0.9], 'short')])).toBeNull();
  });

  it('goes by what past jobs gained at the same iteration, of what was left', () => {
    const past = many(10, () => [0.6, 0.8, 0.9]);
    expect(forecastOf(job([0.8]), past)).toMatchObject({ gain: expect.closeTo(0.1), jobs: 10, own: 0 });
    expect(
      forecastOf(
        job([0.8, 0.8]),
        many(2, () => [0.6, 0.8, 0.8]),
      )?.gain,
    ).toBe(0);
  });

  it("goes by the job's own last gains, of which a worse iteration is none", () => {
    expect(forecastOf(job([0.5, 0.75, 0.6, 0.75, 0.7]), [])).toEqual({
      gain: 0,
      low: null,
      high: null,
      jobs: 0,
      own: 3,
    });
    expect(forecastOf(job([0.5, 0.75]), [])).toMatchObject({ gain: expect.closeTo(0.125), own: 1 });
  });

  it('has an interval that holds most of the gains, where there are enough', () => {
    const past = many(11, (index) => [0.5, 0.5 + index / 50]);
    const forecast = forecastOf(job([0.5]), past)!;
    expect(forecast).toMatchObject({
      gain: expect.closeTo(0.1),
      low: expect.closeTo(0.02),
      high: expect.closeTo(0.18),
    });
    expect(forecastOf(job([0.5]), past.slice(0, 5))).toMatchObject({ low: null, high: null, jobs: 5 });
  });

  it('promises no more than is left', () => {
    expect(
      forecastOf(
        job([1]),
        many(9, () => [0.1, 1]),
      ),
    ).toMatchObject({ gain: 0, low: 0, high: 0 });
  });
});
