import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeOwnFolder } from './own-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'own-folder-test-'));
});
afterEach(() => rm(parent, { recursive: true }));

/** A folder with a file in it, as makeOwnFolder would make it. */
async function folderOf(name: string): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'file'), '');
  return folder;
}

describe('makeOwnFolder', () => {
  it('makes a folder that no other account can enter', async () => {
    const made = await makeOwnFolder(parent, 'tex');
    expect(made.startsWith(join(parent, `pentimento-tex-${process.pid}-`))).toBe(true);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  it('removes the folders of processes that no longer exist, and no other', async () => {
    const names = [
      'pentimento-tex-999999999-a',
      `pentimento-tex-${process.pid}-b`,
      'pentimento-other-999999999-c',
      'tex',
    ];
    for (const name of names) await folderOf(name);
    await makeOwnFolder(parent, 'tex');
    expect(names.filter((name) => existsSync(join(parent, name)))).toEqual(names.slice(1));
  });

  it('leaves alone what others can enter', async () => {
    const folder = await folderOf('pentimento-tex-999999999-a');
    await chmod(folder, 0o711);
    await makeOwnFolder(parent, 'tex');
    expect(existsSync(join(folder, 'file'))).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)('leaves alone what another account owns', async () => {
    const folder = await folderOf('pentimento-tex-999999999-a');
    await chown(folder, 61_234, 61_234);
    await makeOwnFolder(parent, 'tex');
    expect(existsSync(join(folder, 'file'))).toBe(true);
  });

  it('leaves alone what a link leads to, and the link', async () => {
    const folder = await folderOf('elsewhere');
    const link = join(parent, 'pentimento-tex-999999999-a');
    await symlink(folder, link);
    await makeOwnFolder(parent, 'tex');
    expect([existsSync(link), existsSync(join(folder, 'file'))]).toEqual([true, true]);
  });
});
