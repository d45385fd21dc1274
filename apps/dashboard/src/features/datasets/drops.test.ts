import { expect, it } from 'vitest';
import { countedDrops, groupDrops, placeOf, reasonWords, type DropLine } from './drops.ts';

const drop = (reason: string, more: Partial<DropLine> = {}): DropLine => ({
  job: 'job_1',
  reason,
  detail: 'x',
  ...more,
});

it('explains each reason, with what to do where something can be done', () => {
  expect(reasonWords('no_tokens')).toEqual({
    title: 'No tokens',
    meaning:
      'The call was recorded as text only. Set PENTIMENTO_MODEL_CAPTURE for the model to record tokens from now on.',
  });
});

it.each(['brand_new', 'constructor'])('shows the unknown reason %s by its name', (reason) => {
  expect(reasonWords(reason).meaning).toBe('');
  expect(reasonWords('brand_new').title).toBe('Brand new');
});

it('groups drops by reason, the most frequent first', () => {
  const groups = groupDrops([drop('no_call'), drop('no_gain', { iteration: 1 }), drop('no_gain')]);
  expect(groups.map(({ reason, count, lines }) => [reason, count, lines.length])).toEqual([
    ['no_gain', 2, 2],
    ['no_call', 1, 1],
  ]);
  expect(countedDrops({ no_call: 3, no_gain: 9 }).map(({ reason, count }) => [reason, count])).toEqual([
    ['no_gain', 9],
    ['no_call', 3],
  ]);
});

it('says where a drop is', () => {
  expect(placeOf(drop('x'))).toBe('the whole trajectory');
  expect(placeOf(drop('x', { iteration: 2 }))).toBe('iteration 2');
  expect(placeOf(drop('x', { iteration: 0, candidate: 'cand_1' }))).toBe('a candidate of iteration 0');
});
