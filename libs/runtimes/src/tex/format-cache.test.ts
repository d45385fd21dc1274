import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FormatCache } from './format-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formats-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const prefix = (key: string) => ({ key, text: key });
const bytes = new Uint8Array(10);

it('wants the longest prefix that was used a second time and has no format yet', async () => {
  const formats = new FormatCache(folder);
  expect(formats.wanted([prefix('long'), prefix('short')])).toBeUndefined();
  expect(formats.wanted([prefix('other'), prefix('short')])).toEqual(prefix('short'));
  expect(formats.wanted([prefix('long'), prefix('short')])).toEqual(prefix('long'));
  await formats.add('long', bytes);
  await formats.add('short', bytes);
  expect(formats.wanted([prefix('long'), prefix('short')])).toBeUndefined();
});

it('removes the least recently used format when they exceed the bound, from the disk too', async () => {
  const formats = new FormatCache(folder, 25);
  await formats.add('a', bytes);
  await formats.add('b', bytes);
  formats.get('a');
  await formats.add('c', bytes);
  expect(['a', 'b', 'c'].filter((key) => formats.get(key))).toEqual(['a', 'c']);
  await expect.poll(async () => (await readdir(join(folder, (await readdir(folder))[0]!))).length).toBe(2);
});

it('never makes or uses a format again that was disabled', async () => {
  const formats = new FormatCache(folder);
  await formats.add('a', bytes);
  formats.disable('a');
  expect(formats.get('a')).toBeUndefined();
  expect(formats.wanted([prefix('a')])).toBeUndefined();
  expect(formats.wanted([prefix('a')])).toBeUndefined();
  await formats.add('a', bytes);
  expect(formats.get('a')).toBeUndefined();
});

it('keeps the file of a removed format for the jobs that are about to open it', async () => {
  const formats = new FormatCache(folder);
  await formats.add('a', bytes);
  const format = formats.get('a')!;
  await formats.whileUsing(format, () => {
    formats.disable('a');
    expect(existsSync(format.path)).toBe(true);
    return Promise.resolve();
  });
  await expect.poll(() => existsSync(format.path)).toBe(false);
});

it('leaves no file behind once it is closed', async () => {
  const formats = new FormatCache(folder);
  await formats.add('a', bytes);
  await formats.close();
  expect(await readdir(folder)).toEqual([]);
});
