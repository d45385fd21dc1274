import { expect, it } from 'vitest';
import { tileTerms } from './terms.ts';

it('takes the mean over the tiles and shows beside it what the mean hides', () => {
  const terms = tileTerms([1, 0.5, 0.75, 0.75], 1);
  expect(terms).toMatchObject({ visual: 0.75, overall: 0.9 * 0.75 + 0.1, alignment: 1, execution: 1, worstTile: 0.5 });
  expect(terms.lowQuantile).toBeCloseTo(0.5 + 0.3 * 0.25, 12);
});

it('is exactly 1 where every tile is, whatever their number', () => {
  for (let tiles = 1; tiles <= 13; tiles++) expect(tileTerms(new Array<number>(tiles).fill(1), 1).overall).toBe(1);
});

it.each([0, 1] as const)('scores nothing rendered by its alignment of %i alone', (alignment) => {
  const nothing = { overall: 0.1 * alignment, visual: 0, alignment, execution: 0, worstTile: 0, lowQuantile: 0 };
  expect(tileTerms([], alignment)).toEqual(nothing);
});
