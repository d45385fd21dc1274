import { expect, it } from 'vitest';
import { shorten, stopped } from './outcome.ts';

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

it('quotes the end of the log in the message of code that was stopped', () => {
  const outcome = stopped('timeout', 'Too slow.', `${'x'.repeat(5000)}\nline 7 begins\n`);
  expect(outcome).toMatchObject({ status: 'failed', kind: 'timeout' });
  expect(outcome.status === 'failed' && outcome.message).toMatch(
    /^Too slow\.\nIts log until then:\nx{985,990}\nline 7 begins$/,
  );
});

it('says nothing of a log that is empty', () => {
  expect(stopped('memory', 'Too much.', ' \n')).toEqual({ status: 'failed', kind: 'memory', message: 'Too much.' });
});
