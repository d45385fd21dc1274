import { expect, it } from 'vitest';
import { parseLabel, readGroundTruth } from './ground-truth.ts';

const target = 'a'.repeat(64);

it('reads a ground truth and its JSON, and leaves out what it does not know', () => {
  const truth = { task: 't1', target, language: 'svg', deviceScale: 2, code: 'b'.repeat(64) };
  expect(readGroundTruth({ ...truth, split: 'train' })).toEqual(truth);
  expect(readGroundTruth(JSON.stringify(truth))).toEqual(truth);
});

it.each([
  ['no JSON', 'a red square', /JSON such as/],
  ['nothing', undefined, /JSON such as/],
  ['no language', { target }, /language/],
  ['a language that is no id', { target, language: 'C++' }, /language: A language is named by its id/],
  ['a target that is no blob', { target: 'chart.png', language: 'svg' }, /target: A blob id is 64/],
  ['code that is no blob', { target, language: 'svg', code: '<svg/>' }, /code: A blob id is 64/],
  ['bytes that are not base64', { data: '?', language: 'svg' }, /data/],
])('says how to correct %s', (_what, label, expected) => {
  expect(readGroundTruth(label)).toMatch(expected);
});

it.each([
  ['nested arrays', '['.repeat(30_000_000)],
  ['many arrays', `[${'[],'.repeat(10_000_000)}1]`],
  ['many fields', `{${'"a":1,'.repeat(4_000_000)}"b":1}`],
  ['fields with long names', `{"${'a'.repeat(200_000)}":1}`],
  ['more bytes than an image has', JSON.stringify({ target, language: 'svg', data: 'A'.repeat(32_000_000) })],
])('parses no text of %s', (_what, label) => {
  expect(parseLabel(label)).toBeUndefined();
});

it('says what is wrong in few words, however much is', () => {
  const label = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`viewport${index}`, {}]));
  expect(String(readGroundTruth({ ...label, viewport: label })).length).toBeLessThan(2500);
});
