import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { analyticManifest, buildAnalyticEncoder } from '../../scripts/analytic-encoder.ts';
import { loadEncoder } from './load.ts';

it('is built to the bytes and the manifest that the repository holds', async () => {
  const { manifest, modelPath } = await loadEncoder();
  const model = buildAnalyticEncoder();
  expect(Buffer.compare(model, readFileSync(modelPath))).toBe(0);
  expect(analyticManifest(model)).toEqual(manifest);
});

it('is small enough to live in the repository', async () => {
  expect((await loadEncoder()).modelBytes).toBeLessThan(16 * 1024);
});
