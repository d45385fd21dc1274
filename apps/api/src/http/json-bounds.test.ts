import { describe, expect, it } from 'vitest';
import { checkJsonBounds, jsonBounds } from './json-bounds.ts';

const check = (json: string) => () => checkJsonBounds(json);

describe('checkJsonBounds', () => {
  it.each([
    ['nothing', ''],
    ['what is no JSON', '{"a'],
    ['brackets and commas in strings', JSON.stringify({ text: `${'[{,:'.repeat(200_000)}"\\` })],
    ['escaped quotes', JSON.stringify(['\\', '\\"', '"[', '[\\'.repeat(100)])],
    ['many token ids', JSON.stringify({ tokens: Array(400_000).fill(151_655) })],
    ['all levels', `${'['.repeat(jsonBounds.depth)}${']'.repeat(jsonBounds.depth)}`],
  ])('lets pass %s', (_, json) => {
    expect(check(json)).not.toThrow();
  });

  it.each([
    ['levels of arrays and objects', '['.repeat(30_000_000)],
    ['levels of arrays and objects', '{"a":'.repeat(65)],
    ['arrays and objects', `[${'{},'.repeat(20_001)}`],
    ['fields', `{${'"":0,'.repeat(20_001)}`],
    ['characters in the names of fields', `{"${'a'.repeat(2_000_001)}":0}`],
    ['values', `[${'0,'.repeat(500_001)}`],
  ])('refuses too many %s', (what, json) => {
    expect(check(json)).toThrow(`Send less at once: JSON has at most`);
    expect(check(json)).toThrow(what);
  });

  it('takes a time that grows with the length, whatever is escaped', () => {
    expect(check(`"${'\\'.repeat(3_000_000)}`)).not.toThrow();
    expect(check(`"${'\\"'.repeat(1_500_000)}`)).not.toThrow();
  });
});
