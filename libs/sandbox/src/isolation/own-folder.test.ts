import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeOwnFolder } from './own-folder.ts';

it('removes the folders of processes that no longer exist, and no other', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'own-folder-test-'));
  try {
    const names = [
      'pentimento-tex-999999999-a',
      `pentimento-tex-${process.pid}-b`,
      'pentimento-other-999999999-c',
      'tex',
    ];
    for (const name of names) await mkdir(join(parent, name, 'within'), { recursive: true });
    const made = await makeOwnFolder(parent, 'tex');
    expect(names.filter((name) => existsSync(join(parent, name)))).toEqual(names.slice(1));
    expect(made.startsWith(join(parent, `pentimento-tex-${process.pid}-`))).toBe(true);
  } finally {
    await rm(parent, { recursive: true });
  }
});
