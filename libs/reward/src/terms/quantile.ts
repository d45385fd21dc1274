/** The part of the tiles that `lowQuantile` looks at. */
const share = 0.1;

/**
 * The 0.1 quantile of scores, linearly interpolated between the two nearest in rank (Hyndman and Fan 1996, type 7). `scores` is
 * not empty. Unlike the worst tile it does not hang on a single one.
 */
export function lowQuantile(scores: readonly number[]): number {
  const sorted = scores.toSorted((a, b) => a - b);
  const rank = (sorted.length - 1) * share;
  const below = sorted[Math.floor(rank)]!;
  return below + (sorted[Math.ceil(rank)]! - below) * (rank - Math.floor(rank));
}
