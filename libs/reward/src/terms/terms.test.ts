import { expect, it } from 'vitest';
import { rewardTermsSchema } from '@pentimento/contracts';
import { rewardTerms } from './terms.ts';

it('takes the mean over the tiles and shows the worst beside it', () => {
  const terms = rewardTerms([1, 0.5, 0.75, 0.75], 1);
  expect(terms).toMatchObject({ visual: 0.75, overall: 0.9 * 0.75 + 0.1, alignment: 1, execution: 1, worstTile: 0.5 });
});

it('is exactly 1 where every tile is, whatever their number', () => {
  for (let tiles = 1; tiles <= 13; tiles++) expect(rewardTerms(new Array<number>(tiles).fill(1), 1).overall).toBe(1);
});

it.each([0, 1] as const)('scores nothing rendered by its alignment of %i alone', (alignment) => {
  const terms = rewardTerms([], alignment);
  expect(terms).toMatchObject({ visual: 0, overall: 0.1 * alignment, alignment, execution: 0, worstTile: 0 });
  expect(rewardTermsSchema.parse(terms)).toEqual(terms);
});
