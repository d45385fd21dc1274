import { meanScore } from './published.ts';
import type { WindowsTerm } from './reward-term.ts';

/** The mean score of windows of 448 px at the target's own scale. */
export const windows: WindowsTerm = {
  id: 'windows',
  label: 'windows',
  description: 'native scale, where tiles are squeezed',
  needs: 'windows',
  threshold: false,
  nothingRendered: 0,
  identical: 1,
  compute: meanScore,
};
