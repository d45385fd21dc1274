import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { blobSchema } from '@pentimento/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStack, type Stack } from '../support/stack.ts';

const root = resolve(import.meta.dirname, '../..');
const integrations = join(root, 'integrations');
const example = join(root, 'examples/isometric');
const failedTests = /^(?:FAIL|ERROR): (.+)$/gm;
const trainers = ['easyr1', 'swift', 'trl', 'verl'];

let stack: Stack;
let environment: Record<string, string>;

beforeAll(async () => {
  stack = await startStack({ variables: { PENTIMENTO_WORKER: 'off' } });
  const headers = { 'content-type': 'image/png' };
  const body = new Uint8Array(await readFile(`${example}.png`));
  const put = await fetch(`${stack.url}/v1/blobs`, { method: 'POST', headers, body });
  environment = {
    PATH: process.env['PATH']!,
    PENTIMENTO_URL: stack.url,
    TEST_TARGET_BLOB: blobSchema.parse(await put.json()).id,
    TEST_TARGET_IMAGE: `${example}.png`,
    TEST_TARGET_CODE: `${example}.svg`,
  };
});
afterAll(() => stack?.stop());

const adapter = (trainer: string): string => readFileSync(join(integrations, trainer, 'pentimento_reward.py'), 'utf8');

describe('the reward adapters of trainers', () => {
  it.each([...trainers, 'rows'])(
    'pass their own tests, which are Python: %s',
    { timeout: 120_000 },
    async (trainer) => {
      const args = ['-B', '-m', 'unittest', 'discover', '-s', join(integrations, 'tests'), '-p', `test_${trainer}.py`];
      const { stderr } = await promisify(execFile)('python3', args, { env: environment }).catch(
        (error: { stderr: string }) => error,
      );
      expect(
        [...stderr.matchAll(failedTests)].map(([, name]) => name),
        stderr,
      ).toEqual([]);
      expect(stderr).toMatch(/^Ran [1-9]\d* tests in .*\n\nOK/m);
    },
  );

  it('are thin: each under 80 lines', () => {
    for (const trainer of trainers) expect(adapter(trainer).split('\n').length - 1).toBeLessThan(80);
  });

  it('ask the service in the same way', () => {
    const asking = (trainer: string) => /^def score\(.*?^ {4}return results$/ms.exec(adapter(trainer))?.[0];
    const encoding = (trainer: string) => /^def encode\(.*?\.decode\(\)$/ms.exec(adapter(trainer))?.[0];
    expect(asking('verl')).toContain('urlopen');
    expect(new Set(trainers.map(asking)).size).toBe(1);
    expect(new Set(trainers.filter((trainer) => trainer !== 'verl').map(encoding)).size).toBe(1);
  });
});
