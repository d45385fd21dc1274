import type { TilesTerm } from './reward-term.ts';

/** The lowest tile score. */
export const worstTile: TilesTerm = {
  id: 'worstTile',
  label: 'worst tile',
  description: 'the lowest tile score, which a mean hides',
  needs: 'tiles',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  compute: (scores) => Math.min(...scores),
};
