import { describe, expect, it } from 'vitest';
import { writeEdit } from '@pentimento/contracts';
import { applyEdits, holdsEdits, parseEdits } from './edits.ts';

describe('parseEdits', () => {
  it('reads what writeEdit writes', () => {
    const edits = [
      { search: 'a\n  b', replace: '' },
      { search: 'c', replace: 'd\ne' },
    ];
    const block = edits.map(writeEdit).join('\nin between\n');
    expect(holdsEdits(block)).toBe(true);
    expect(parseEdits(block)).toEqual({ ok: true, edits });
  });

  it('names an edit that is never closed', () => {
    expect(parseEdits('<<<<<<< SEARCH\na\n=======\nb')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('Edit 1'),
    });
  });
});

it('reads empty parts, markers with spaces behind them, and no more than 10,000 edits', () => {
  const empty = '<<<<<<< SEARCH  \n=======\r\n>>>>>>> REPLACE';
  expect(parseEdits(empty)).toEqual({ ok: true, edits: [{ search: '', replace: '' }] });
  expect(parseEdits(`x${empty}`)).toEqual({ ok: true, edits: [] });
  expect(parseEdits(`${empty}\n`.repeat(10_001))).toMatchObject({
    ok: false,
    detail: expect.stringContaining('10000'),
  });
});

describe('applyEdits', () => {
  const code = '<svg>\n  <rect/>\n  <circle/>\n  <rect/>\n</svg>';

  it('knows text that stands once from text that overlaps itself, line by line', () => {
    const edit = (search: string) => applyEdits(' a\n b\n a\n b\n a\n c', [{ search, replace: 'x' }]);
    expect(edit('a \nb\na\nc')).toEqual({ ok: true, code: ' a\n b\n x' });
    expect(edit('b\na\nb')).toEqual({ ok: true, code: ' a\n x\n a\n c' });
    expect(edit('a\nb\na')).toMatchObject({ ok: false, detail: expect.stringContaining('more than once') });
    expect(edit('b\na\nc')).toEqual({ ok: true, code: ' a\n b\n a\n x' });
  });

  it('gives a replacement the indentation of the code', () => {
    const code = 'def f():\n    a\n    b';
    const edit = (search: string, replace: string) => applyEdits(code, [{ search, replace }]);
    expect(edit('a \nb', 'if a:\n  b\n\nc')).toEqual({ ok: true, code: 'def f():\n    if a:\n      b\n\n    c' });
    expect(edit('      a\n      b', '      c\nd')).toEqual({ ok: true, code: 'def f():\n    c\nd' });
  });

  it('looks for many equal lines in a time that grows with their number', () => {
    const edits = [{ search: `${' a\n'.repeat(20_000)}b`, replace: '' }];
    expect(applyEdits('a\n'.repeat(49_000), edits)).toMatchObject({ ok: false });
  });

  it('looks for text that repeats in a time that grows with its length', () => {
    const search = `b${'a'.repeat(400_000)}`;
    expect(applyEdits('a'.repeat(1_000_000), [{ search, replace: '' }])).toMatchObject({ ok: false });
    expect(applyEdits('ab'.repeat(500_000), [{ search: `${'ab'.repeat(200_000)}b`, replace: '' }])).toMatchObject({
      ok: false,
    });
  });

  it('refuses more edits than can be looked for in code of its length, and applies many to short code', () => {
    const edits = (count: number) => Array.from({ length: count }, () => ({ search: 'x', replace: 'x' }));
    expect(applyEdits(`x${'\n'.repeat(999)}`, edits(1000))).toMatchObject({ ok: true });
    expect(applyEdits(`x${'\n'.repeat(999_999)}`, edits(1000))).toEqual({
      ok: false,
      detail: '1000 edits are too many for code of 1000000 characters: write the whole code instead.',
    });
  });

  it('counts what earlier edits added to the code', () => {
    const grown = { search: 'x', replace: `y${'z'.repeat(1_000_000)}` };
    const others = Array.from({ length: 100 }, () => ({ search: 'y', replace: 'y' }));
    expect(applyEdits('x', [grown, ...others])).toMatchObject({
      ok: false,
      detail: expect.stringContaining('too many'),
    });
  });

  it('replaces text that stands once, in order', () => {
    const edits = [
      { search: '<circle/>', replace: '<path/>' },
      { search: '<path/>\n  <rect/>', replace: '<g/>' },
    ];
    expect(applyEdits(code, edits)).toEqual({ ok: true, code: '<svg>\n  <rect/>\n  <g/>\n</svg>' });
  });

  it('takes dollar signs of the replacement as they are', () => {
    expect(applyEdits('a', [{ search: 'a', replace: '$& $1' }])).toEqual({ ok: true, code: '$& $1' });
  });

  it('finds lines whose indentation differs', () => {
    expect(applyEdits(code, [{ search: '<circle/>\n<rect/>', replace: '' }])).toEqual({
      ok: true,
      code: '<svg>\n  <rect/>\n\n</svg>',
    });
  });

  it.each([
    ['stands twice', '<rect/>', 'more than once'],
    ['stands nowhere', '<line/>', 'does not stand'],
    ['is empty', ' ', 'is empty'],
  ])('refuses a search text that %s, and changes nothing', (_, search, detail) => {
    const edits = [
      { search: '<circle/>', replace: '' },
      { search, replace: '' },
    ];
    expect(applyEdits(code, edits)).toMatchObject({ ok: false, detail: expect.stringContaining(detail) });
  });
});
