import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ensureLatestPython } from './python-latest.mjs';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'python-latest-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** Debian has what makes environments in python3-venv, which an ordinary user cannot install. */
const makesEnvironments = spawnSync('/usr/bin/python3', ['-c', 'import ensurepip']).status === 0;

it.skipIf(!makesEnvironments)(
  'says in one sentence that no index has the libraries, and leaves nothing behind',
  async () => {
    const requirements = join(home, 'requirements.txt');
    writeFileSync(requirements, 'pentimento-no-such-library==1.0\n');
    vi.stubEnv('PIP_INDEX_URL', `file://${home}/index`);
    vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
    await expect(ensureLatestPython({ home, requirements })).rejects.toThrow(
      /^The libraries cannot be had from a package index, so Debian's stay in use;[^\n]*pentimento-no-such-library[^\n]*\.$/,
    );
    expect(existsSync(join(home, 'python'))).toBe(false);
  },
  120_000,
);
