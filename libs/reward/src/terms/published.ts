import type { PublishedTerms } from '@pentimento/contracts';

const visualShare = 0.9;
const alignmentShare = 0.1;

/** The terms of the published rule, as people read them. They come before the registered ones. */
export const publishedTermInfos = [
  { id: 'overall', label: 'overall', description: '0.9 visual + 0.1 alignment', threshold: true },
  { id: 'visual', label: 'visual', description: 'the mean over the tiles', threshold: true },
  {
    id: 'alignment',
    label: 'alignment',
    description: 'whether the reply holds code of the language',
    threshold: false,
  },
  { id: 'execution', label: 'execution', description: 'whether the code rendered', threshold: false },
] as const;

/**
 * The published terms of a candidate from the scores of its tiles and thumbnail, each in 0..1; no scores where nothing rendered.
 * visual = plain mean, overall = 0.9 visual + 0.1 alignment, execution = 1 where visual is not 0 (VinciCoder).
 */
export function publishedTerms(scores: readonly number[], alignment: 0 | 1): PublishedTerms {
  const visual = meanScore(scores);
  return {
    overall: visualShare * visual + alignmentShare * alignment,
    visual,
    alignment,
    execution: visual === 0 ? 0 : 1,
  };
}

/** The plain mean, 0 of none. */
export function meanScore(scores: readonly number[]): number {
  return scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : 0;
}
