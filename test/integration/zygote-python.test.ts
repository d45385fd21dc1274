import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const python = '/usr/bin/python3';
const sources = resolve(import.meta.dirname, '../../libs/runtimes/src/python');
const failedTests = /^(?:FAIL|ERROR): (.+)$/gm;

it.skipIf(!existsSync(python))("passes the zygote's own tests, which are Python", { timeout: 60_000 }, async () => {
  const args = ['-B', '-m', 'unittest', 'discover', '-s', `${sources}/tests`];
  const env = { PYTHONPATH: `${sources}/zygote` };
  const { stderr } = await promisify(execFile)(python, args, { env }).catch((error: { stderr: string }) => error);
  expect(
    [...stderr.matchAll(failedTests)].map(([, name]) => name),
    stderr,
  ).toEqual([]);
  expect(stderr).toMatch(/^Ran [1-9]\d* tests in .*\n\nOK/m);
});
