import { formatScore } from '../../ui/format.ts';
import { scorePosition } from '../../ui/scoreScale.ts';

const height = 24;
const pad = 3;
const low = 0.4;

/** Scores over the iterations on one scale for all rows (0.4 to 1, wide near 1), with the threshold as a dashed line. */
export function Sparkline({
  scores,
  threshold,
  iterations,
  width = 96,
}: {
  scores: readonly (number | null)[];
  threshold: number;
  iterations: number;
  width?: number;
}) {
  const last = Math.max(1, Math.min(iterations, Math.max(scores.length, 8)) - 1, scores.length - 1);
  const x = (index: number) => pad + (index / last) * (width - 2 * pad);
  const y = (score: number) => height - pad - scorePosition(score, low) * (height - 2 * pad);
  const points = scores.flatMap((score, index) => (score === null ? [] : [{ index, score }]));
  const best = points.reduce<(typeof points)[number] | null>(
    (top, point) => (top && top.score >= point.score ? top : point),
    null,
  );
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label(points.map((point) => point.score))}
      className="block max-w-full"
    >
      <line x1={0} x2={width} y1={y(threshold)} y2={y(threshold)} className="stroke-edge" strokeDasharray="2 2" />
      <polyline
        points={points.map(({ index, score }) => `${x(index).toFixed(1)},${y(score).toFixed(1)}`).join(' ')}
        fill="none"
        className="stroke-ink"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
      {best && <circle cx={x(best.index)} cy={y(best.score)} r={2.5} className="fill-accent" />}
    </svg>
  );
}

function label(scores: readonly number[]): string {
  if (scores.length === 0) return 'No score yet';
  return `Scores from ${formatScore(scores[0]!)} to ${formatScore(scores.at(-1)!)}, best ${formatScore(Math.max(...scores))}`;
}
