import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildAnalyticEncoder } from '../scripts/analytic-encoder.ts';
import { loadEncoder } from './manifest.ts';

it('is built to the bytes that the repository holds', async () => {
  const { modelPath } = await loadEncoder();
  expect(Buffer.compare(buildAnalyticEncoder(), readFileSync(modelPath))).toBe(0);
});

it('is small enough to live in the repository', async () => {
  expect((await loadEncoder()).modelBytes).toBeLessThan(16 * 1024);
});
