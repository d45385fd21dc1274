import { expect, it } from 'vitest';
import { lowQuantile } from './low-quantile.ts';
import { publishedTerms } from './published.ts';
import { worstTile } from './worst-tile.ts';

const scores = [1, 0.5, 0.75, 0.75];

it('are the mean over the tiles and its mix with the alignment', () => {
  const terms = { visual: 0.75, overall: 0.9 * 0.75 + 0.1, alignment: 1, execution: 1 };
  expect(publishedTerms(scores, 1)).toEqual(terms);
});

it('come with terms that show what the mean hides', () => {
  expect(worstTile.compute(scores)).toBe(0.5);
  expect(lowQuantile.compute(scores)).toBeCloseTo(0.5 + 0.3 * 0.25, 12);
});

it('are exactly 1 where every tile is, for any number of tiles', () => {
  for (let tiles = 1; tiles <= 13; tiles++) expect(publishedTerms(new Array<number>(tiles).fill(1), 1).overall).toBe(1);
});

it.each([0, 1] as const)('depend on an alignment of %i alone where nothing rendered', (alignment) => {
  const nothing = { overall: 0.1 * alignment, visual: 0, alignment, execution: 0 };
  expect(publishedTerms([], alignment)).toEqual(nothing);
});
