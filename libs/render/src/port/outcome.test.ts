import { expect, it } from 'vitest';
import { shorten } from './outcome.ts';

it('leaves a short text alone', () => {
  expect(shorten('line 1\n\tline 2 é')).toBe('line 1\n\tline 2 é');
});

it('cuts a long text to 2 KB of whole characters', () => {
  for (const text of ['x'.repeat(5000), 'é'.repeat(5000), 'x' + '😀'.repeat(5000)]) {
    const short = shorten(text);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(short)).toBeGreaterThan(2040);
    expect(short.endsWith('…')).toBe(true);
    expect(short).not.toContain('\ufffd');
  }
});

it('takes control characters out', () => {
  expect(shorten('a\u0000b\u001b[31m')).toBe('a b [31m');
});
