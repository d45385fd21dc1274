import { expect, it } from 'vitest';
import { readGroundTruth } from './ground-truth.ts';

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
