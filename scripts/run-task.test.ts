import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('./run-task.mjs', import.meta.url));
const runTask = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

it('answers an unknown command with those that there are', () => {
  const { status, stdout, stderr } = runTask('toString');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('npm run demo');
});

it('refuses an unknown example before it sets anything up, and names those that there are', () => {
  const { status, stderr } = runTask('demo', '--example', 'nothing');
  expect(status).toBe(2);
  expect(stderr).toMatch(/There is no example "nothing": take one of .*badge/);
  expect(stderr).not.toContain('set-up');
});

it('refuses an unknown option in one sentence', () => {
  const { status, stderr } = runTask('demo', '--fast');
  expect(status).toBe(2);
  expect(stderr).toContain("'--fast'");
});

it('refuses to set up a domain that it does not know, before it installs anything', () => {
  const { status, stderr } = runTask('setup', '--only', 'python,cobol');
  expect(status).toBe(2);
  expect(stderr).toMatch(/There is no domain "cobol".*latex/);
  expect(stderr).not.toContain('installing');
});
