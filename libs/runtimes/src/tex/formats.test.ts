import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Formats } from './formats.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formats-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const cut = (key: string) => ({ key, prefix: key });
const bytes = new Uint8Array(10);

it('wants the longest beginning that came a second time and has no format yet', async () => {
  const formats = new Formats(folder);
  expect(formats.wanted([cut('long'), cut('short')])).toBeUndefined();
  expect(formats.wanted([cut('other'), cut('short')])).toEqual(cut('short'));
  expect(formats.wanted([cut('long'), cut('short')])).toEqual(cut('long'));
  await formats.keep('long', bytes);
  await formats.keep('short', bytes);
  expect(formats.wanted([cut('long'), cut('short')])).toBeUndefined();
});

it('drops the format unused for longest over its bound, from the disk too', async () => {
  const formats = new Formats(folder, 25);
  await formats.keep('a', bytes);
  await formats.keep('b', bytes);
  formats.ofCut('a');
  await formats.keep('c', bytes);
  expect(['a', 'b', 'c'].filter((key) => formats.ofCut(key))).toEqual(['a', 'c']);
  await expect.poll(async () => (await readdir(join(folder, (await readdir(folder))[0]!))).length).toBe(2);
});

it('never again makes or uses a format that drew otherwise', async () => {
  const formats = new Formats(folder);
  await formats.keep('a', bytes);
  formats.spoil('a');
  expect(formats.ofCut('a')).toBeUndefined();
  expect(formats.wanted([cut('a')])).toBeUndefined();
  expect(formats.wanted([cut('a')])).toBeUndefined();
  await formats.keep('a', bytes);
  expect(formats.ofCut('a')).toBeUndefined();
});

it('leaves the file of a dropped format to those that are about to open it', async () => {
  const formats = new Formats(folder);
  await formats.keep('a', bytes);
  const format = formats.ofCut('a')!;
  await formats.holding(format, () => {
    formats.spoil('a');
    expect(existsSync(format.path)).toBe(true);
    return Promise.resolve();
  });
  await expect.poll(() => existsSync(format.path)).toBe(false);
});

it('leaves nothing behind once closed', async () => {
  const formats = new Formats(folder);
  await formats.keep('a', bytes);
  await formats.close();
  expect(await readdir(folder)).toEqual([]);
});
