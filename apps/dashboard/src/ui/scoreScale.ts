/** What is missing to 1 is counted from here, so that the scale has an end. */
const finest = 0.005;

/**
 * Where a score lies between `low` (0) and 1 (1). Equal steps are equal factors of what is missing to 1: a render at 0.95 and one that
 * is done at 0.995 are far apart, as they are to the eye.
 */
export function scorePosition(score: number, low: number): number {
  const missing = (value: number): number => 1 - Math.max(low, value) + finest;
  return Math.log(missing(low) / missing(score)) / Math.log(missing(low) / finest);
}

/** Scores to mark on such a scale, lowest first. */
export const scoreTicks = (low: number): number[] => [...(low < 0.9 ? [low] : []), 0.9, 0.95, 0.99, 1];
