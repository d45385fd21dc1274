import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blobs } from '@pentimento/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BlobFiles } from './blob-files.ts';

let folder: string;
let stored: Map<string, { content: Buffer; mediaType: string }>;
let files: BlobFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-blob-files-'));
  stored = new Map();
  files = new BlobFiles({ putStream }, folder);
});
afterEach(() => rm(folder, { recursive: true }));

const putStream: Blobs['putStream'] = async ({ id, bytes, mediaType }, stream) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, id]);
  stored.set(id, { content, mediaType });
};
const openFiles = () => readdir('/proc/self/fd').then((names) => names.length);

it('puts a file when it is closed, whatever its size, and leaves nothing in the folder', async () => {
  const parts = [randomBytes(10), randomBytes(900_000), randomBytes(900_000), randomBytes(2_000_000)];
  const file = await files.open('data/train.parquet');
  for (const part of parts) {
    await file.write(part);
    expect(await readdir(folder)).toEqual([]);
  }
  const whole = Buffer.concat(parts);
  const description = await file.close();
  expect(description).toEqual({ bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') });
  expect(stored.get(description.sha256)).toEqual({ content: whole, mediaType: 'application/octet-stream' });
  expect(files.closed).toEqual([{ path: 'data/train.parquet', ...description }]);
  expect(files.bytes).toBe(whole.length);
});

it('keeps what was written when the writer uses its buffer again', async () => {
  const file = await files.open('a.md');
  const buffer = Buffer.from('first');
  await file.write(buffer);
  buffer.write('other');
  await file.write(' and text: ä');
  const { sha256 } = await file.close();
  expect(stored.get(sha256)).toEqual({
    content: Buffer.from('first and text: ä'),
    mediaType: 'text/plain; charset=utf-8',
  });
});

it('has an empty file, too', async () => {
  const { bytes, sha256 } = await (await files.open('drops.jsonl')).close();
  expect([bytes, stored.get(sha256)!.content.length]).toEqual([0, 0]);
});

it('discards what an export that broke off has left open', async () => {
  const before = await openFiles();
  for (const path of ['a', 'b']) await (await files.open(path)).write(randomBytes(2_000_000));
  expect(await openFiles()).toBe(before + 2);
  await files.close();
  expect(await openFiles()).toBe(before);
  expect([files.closed, stored.size]).toEqual([[], 0]);
});

it('has no file that could not be put', async () => {
  const failing = new BlobFiles({ putStream: () => Promise.reject(new Error('The disk is full.')) }, folder);
  const file = await failing.open('a');
  await file.write('x');
  await expect(file.close()).rejects.toThrow('full');
  expect(failing.closed).toEqual([]);
});
