import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'pentimento-demo-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('refines its example to the threshold, and ends with the job as one JSON object', { timeout: 180_000 }, async () => {
  const demo = [join(root, 'scripts/run-task.mjs'), 'demo', '--once', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, demo, {
    cwd: root,
    env: { ...process.env, PENTIMENTO_HOME: home },
  });
  const job = JSON.parse(stdout) as { outcome: string; best: { score: number } };
  expect(job.outcome).toBe('threshold_met');
  expect(job.best.score).toBeGreaterThan(0.995);
});
