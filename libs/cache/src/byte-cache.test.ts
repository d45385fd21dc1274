import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createByteCache } from './byte-cache.ts';

let folder: string;
let clock = 1_700_000_000_000;
const now = () => (clock += 1000);

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'pentimento-cache-')), 'vectors');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const cache = (maxBytes = 1_000_000) => createByteCache({ folder, maxBytes, now });
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found);

async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function totalBytes(): Promise<number> {
  const sizes = await Promise.all((await files()).map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

it('returns what was put, also to another cache over the same folder', async () => {
  await cache().set('a key / of any: kind', bytes('one'));
  await cache().set('empty', new Uint8Array());
  expect(text(await cache().get('a key / of any: kind'))).toBe('one');
  expect(await cache().get('empty')).toHaveLength(0);
  expect(await cache().get('another')).toBeUndefined();
});

it('keeps the newer of two values under one key', async () => {
  await cache().set('key', bytes('one'));
  await cache().set('key', bytes('two'));
  expect(text(await cache().get('key'))).toBe('two');
  expect(await files()).toHaveLength(1);
});

it.each([
  ['cut short', (path: string) => truncate(path, 20)],
  ['emptied', (path: string) => truncate(path, 0)],
  [
    'changed',
    async (path: string) =>
      writeFile(
        path,
        (await readFile(path)).map((byte, at) => (at === 33 ? byte ^ 1 : byte)),
      ),
  ],
])('treats an entry that was %s as a miss, and stores a new value in its place', async (_how, damage) => {
  await cache().set('key', bytes('a longer value'));
  await damage((await files())[0]!);
  expect(await cache().get('key')).toBeUndefined();
  expect(await files()).toEqual([]);
  await cache().set('key', bytes('again'));
  expect(text(await cache().get('key'))).toBe('again');
});

it('treats the bytes of one key under the name of another as a miss', async () => {
  await cache().set('one', bytes('1'));
  await cache().set('two', bytes('2'));
  const [first, second] = await files();
  await writeFile(first!, await readFile(second!));
  const found = [text(await cache().get('one')), text(await cache().get('two'))];
  expect(found.filter((value) => value === undefined)).toHaveLength(1);
});

it('stays within its bound by removing the least recently used entries', async () => {
  const small = cache(10_000);
  const value = new Uint8Array(968);
  await small.set('first', value);
  await small.set('second', value);
  for (let index = 0; index < 30; index += 1) {
    await small.get('first');
    await small.set(`later ${index}`, value);
    expect(await totalBytes()).toBeLessThanOrEqual(10_000);
  }
  expect(await small.get('first')).toBeDefined();
  expect(await small.get('second')).toBeUndefined();
  expect(await small.get('later 29')).toBeDefined();
});

it('stores nothing larger than the bound, and nothing at all with a bound of 0', async () => {
  await cache(100).set('big', new Uint8Array(1000));
  await cache(0).set('any', bytes('x'));
  expect([await cache().get('big'), await cache().get('any')]).toEqual([undefined, undefined]);
});

it('lets only its owner read the files', async () => {
  await cache().set('key', bytes('one'));
  const [path] = await files();
  expect((await stat(path!)).mode & 0o777).toBe(0o600);
  expect((await stat(join(path!, '..'))).mode & 0o777).toBe(0o700);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('does not reject if it cannot write', async () => {
  await writeFile(folder, 'a file instead of a folder');
  await cache().set('key', bytes('one'));
  expect(await cache().get('key')).toBeUndefined();
});

const writer = `
  import { createByteCache } from ${JSON.stringify(new URL('./byte-cache.ts', import.meta.url).href)};
  const cache = createByteCache({ folder: process.argv[1], maxBytes: 200_000 });
  const value = (key) => new Uint8Array(4000).fill(Number(key) % 251);
  let wrong = 0;
  process.send?.('on');
  for (let round = 0; round < Number(process.argv[2]); round += 1) {
    const key = String((round * 7) % 90);
    const found = await cache.get(key);
    if (found && Buffer.compare(found, value(key)) !== 0) wrong += 1;
    await cache.set(key, value(key));
  }
  process.exitCode = wrong;
`;

function startWriter(rounds: number) {
  const args = ['--input-type=module', '-e', writer, folder, String(rounds)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

it('serves several processes at the same time with the right values and within the bound', async () => {
  const writers = [startWriter(300), startWriter(300), startWriter(300)];
  const codes = await Promise.all(writers.map(async (child) => (await once(child, 'exit'))[0] as number));
  expect(codes).toEqual([0, 0, 0]);
  expect(await totalBytes()).toBeLessThan(200_000 * (1 + 3 / 16));
});

it('has no damaged entry after a process was killed while it wrote, and removes the temporary files of that process', async () => {
  const child = startWriter(1_000_000);
  await once(child, 'message');
  await expect.poll(async () => (await readdir(folder).catch(() => [])).length, { timeout: 10_000 }).toBeGreaterThan(5);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const survivor = createByteCache({ folder, maxBytes: 200_000 });
  for (let key = 0; key < 90; key += 1) {
    const found = await survivor.get(String(key));
    if (found) expect(Buffer.compare(found, new Uint8Array(4000).fill(key % 251))).toBe(0);
  }
  const temporary = join(folder, `${'a'.repeat(64)}.2710183`);
  await writeFile(temporary, 'half');
  await utimes(temporary, 1, 1);
  await survivor.set('next', bytes('one'));
  expect(await files()).not.toContain(temporary);
});
