import type { TilesTerm } from './reward-term.ts';

const quantile = 0.1;

/**
 * The 0.1 quantile of the tile scores, linearly interpolated between the two nearest in rank (Hyndman and Fan 1996, type 7). Unlike
 * the worst tile it does not depend on a single one.
 */
export const lowQuantile: TilesTerm = {
  id: 'lowQuantile',
  label: 'low quantile',
  description: 'the worst tenth of the tiles',
  needs: 'tiles',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  compute(scores) {
    const sorted = scores.toSorted((a, b) => a - b);
    const rank = (sorted.length - 1) * quantile;
    const below = sorted[Math.floor(rank)]!;
    return below + (sorted[Math.ceil(rank)]! - below) * (rank - Math.floor(rank));
  },
};
