import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';

const over = (...chunks: string[]): ByteReader =>
  new ByteReader(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));

it('reads lines, counted bytes and the rest across chunks', async () => {
  const reader = over('on', 'e\ntwo', '34', 'end', '!');
  expect(await reader.line(9)).toBe('one');
  expect(String(await reader.bytes(4))).toBe('two3');
  expect(String(await reader.rest(9))).toBe('4end!');
});

it('returns undefined if the stream ends too early', async () => {
  expect(await over('no newline').line(99)).toBeUndefined();
  expect(await over('abc').bytes(4)).toBeUndefined();
});

it('rejects a line or an output that exceeds the limit', async () => {
  await expect(over('a'.repeat(20)).line(9)).rejects.toThrow(RangeError);
  await expect(over('a'.repeat(20)).rest(9)).rejects.toThrow(RangeError);
});
