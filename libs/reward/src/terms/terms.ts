import type { RewardTerms } from '@pentimento/contracts';
import { lowQuantile } from './quantile.ts';

const visualShare = 0.9;
const alignmentShare = 0.1;

/** The terms of the published rule, and those that the same tiles give. */
export type TileTerms = Pick<
  RewardTerms,
  'overall' | 'visual' | 'alignment' | 'execution' | 'worstTile' | 'lowQuantile'
>;
/** The terms that stand beside the rule and need more than the tiles. */
export type OtherTerms = Omit<RewardTerms, keyof TileTerms>;

/**
 * The terms of a candidate from the scores of its tiles and thumbnail, each in 0..1; no scores where nothing rendered.
 * visual = plain mean, overall = 0.9 visual + 0.1 alignment, execution = 1 where visual is not 0 (VinciCoder).
 */
export function tileTerms(scores: readonly number[], alignment: 0 | 1): TileTerms {
  const visual = meanScore(scores);
  return {
    overall: visualShare * visual + alignmentShare * alignment,
    visual,
    alignment,
    execution: visual === 0 ? 0 : 1,
    worstTile: scores.length > 0 ? Math.min(...scores) : 0,
    lowQuantile: scores.length > 0 ? lowQuantile(scores) : 0,
  };
}

/** The plain mean, 0 of none. */
export function meanScore(scores: readonly number[]): number {
  return scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 0;
}
