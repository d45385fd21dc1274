import type { RewardTerms } from '@pentimento/contracts';

const visualShare = 0.9;
const alignmentShare = 0.1;

/**
 * The terms of a candidate from the scores of its tiles and thumbnail, each in 0..1; no scores where nothing rendered.
 * visual = plain mean, overall = 0.9 visual + 0.1 alignment, execution = 1 where visual is not 0 (VinciCoder).
 */
export function rewardTerms(scores: readonly number[], alignment: 0 | 1): RewardTerms {
  const visual = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 0;
  return {
    overall: visualShare * visual + alignmentShare * alignment,
    visual,
    alignment,
    execution: visual === 0 ? 0 : 1,
    worstTile: scores.length > 0 ? Math.min(...scores) : 0,
    lowQuantile: null,
    windows: null,
    size: null,
    aspect: null,
    colour: null,
    text: null,
    shiftTolerant: null,
  };
}
