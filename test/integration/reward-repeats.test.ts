import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../support/score-hash.ts', import.meta.url));

it('256 scores have the same bits in three processes at a time, without stored vectors and with them', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'pentimento-scores-'));
  onTestFinished(() => rm(cache, { recursive: true }));
  const hashes = () =>
    Promise.all([1, 2, 3].map(async () => (await promisify(execFile)(process.execPath, [program, cache])).stdout));
  const [cold, warm] = [await hashes(), await hashes()];
  expect(cold[0]).toMatch(/^[0-9a-f]{64}\n$/);
  expect(new Set([...cold, ...warm]).size).toBe(1);
}, 240_000);
