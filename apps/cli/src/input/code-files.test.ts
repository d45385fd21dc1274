import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blank } from '@pentimento/imaging/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listCodeFiles, sizeBeside } from './code-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-code-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, content: string | Uint8Array = 'code'): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), content);
}

it('finds code by the extensions of the languages, in the order of the names', async () => {
  for (const name of ['b.svg', 'a/deep/x.py', 'a.HTML', 'notes.md', 'image.png', 'c.mmd']) await put(name);
  const files = await listCodeFiles(folder);
  expect(files.map(({ name, language }) => [name, language])).toEqual([
    ['a.HTML', 'html'],
    ['a/deep/x.py', 'python'],
    ['b.svg', 'svg'],
    ['c.mmd', 'mermaid'],
  ]);
  expect(files[1]!.path).toBe(join(folder, 'a/deep/x.py'));
});

it('leaves out hidden files and installed packages', async () => {
  for (const name of [
    '.git/x.py',
    'a/.cache/x.py',
    '.x.svg',
    'node_modules/p/x.svg',
    'a/node_modules/x.svg',
    'my_node_modules/x.svg',
  ])
    await put(name);
  expect((await listCodeFiles(folder)).map(({ name }) => name)).toEqual(['my_node_modules/x.svg']);
});

it('says in a sentence that a folder cannot be read', async () => {
  await expect(listCodeFiles(join(folder, 'none'))).rejects.toThrow(
    /^The folder .*none cannot be read: there is no such file\.$/,
  );
  await put('file.svg');
  await expect(listCodeFiles(join(folder, 'file.svg'))).rejects.toThrow(/cannot be read: .*\.$/);
});

it('takes the size from the PNG of the same name', async () => {
  for (const name of ['a.svg', 'b.svg', 'c.svg']) await put(name);
  await put('a.png', await blank({ width: 30, height: 20 }, 'red'));
  await put('b.png', 'no image');
  const sizes = await Promise.all((await listCodeFiles(folder)).map(sizeBeside));
  expect(sizes).toEqual([
    { width: 30, height: 20 },
    { width: 1024, height: 768 },
    { width: 1024, height: 768 },
  ]);
});
