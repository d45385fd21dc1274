import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterText, linesOf, startAdapterTests, type AdapterTests } from '../support/adapters.ts';

const trainers = ['easyr1', 'swift', 'trl', 'verl'];
const pathOf = (trainer: string): string => `${trainer}/pentimento_reward.py`;

let tests: AdapterTests;
beforeAll(async () => {
  tests = await startAdapterTests();
});
afterAll(() => tests?.stop());

describe('the reward adapters of trainers', () => {
  it.each([...trainers, 'rows'])('pass their own tests, which are Python: %s', { timeout: 120_000 }, (trainer) =>
    tests.pass('python3', `test_${trainer}.py`),
  );

  it('are thin: each under 80 lines', () => {
    for (const trainer of trainers) expect(linesOf(pathOf(trainer))).toBeLessThan(80);
  });

  it('ask the service in the same way', () => {
    const asking = (trainer: string) => /^def score\(.*?^ {4}return results$/ms.exec(adapterText(pathOf(trainer)))?.[0];
    const encoding = (trainer: string) => /^def encode\(.*?\.decode\(\)$/ms.exec(adapterText(pathOf(trainer)))?.[0];
    expect(asking('verl')).toContain('urlopen');
    expect(new Set(trainers.map(asking)).size).toBe(1);
    expect(new Set(trainers.filter((trainer) => trainer !== 'verl').map(encoding)).size).toBe(1);
  });
});
