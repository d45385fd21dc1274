import { scorePosition, scoreTicks } from '../../ui/scoreScale.ts';
import type { Step } from './model.ts';

export interface ChartFrame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Scales {
  x: (index: number) => number;
  y: (score: number) => number;
  /** Scores of the grid lines, lowest first. */
  ticks: number[];
  /** The index of the iteration nearest to a position on the axis. */
  nearest: (x: number) => number;
}

/** The score axis goes from the tenth below the lowest score to 1, wide near 1; the other axis counts iterations. */
export function scalesOf(steps: readonly Step[], threshold: number, iterations: number, frame: ChartFrame): Scales {
  const scores = [threshold, ...steps.flatMap((step) => [step.score, step.secondary])].filter(
    (score) => score !== null,
  );
  const low = Math.max(0, Math.floor(Math.min(...scores, 0.9) * 10 + 1e-9) / 10);
  const last = Math.max(1, iterations - 1, steps.length - 1);
  const x = (index: number) => frame.left + (index / last) * (frame.right - frame.left);
  const y = (score: number) => frame.bottom - scorePosition(score, low) * (frame.bottom - frame.top);
  const nearest = (at: number) =>
    Math.min(steps.length - 1, Math.max(0, Math.round(((at - frame.left) / (frame.right - frame.left)) * last)));
  return { x, y, ticks: scoreTicks(low), nearest };
}

/** An SVG path through the values, broken where one is missing. */
export function linePath(values: readonly (number | null)[], { x, y }: Pick<Scales, 'x' | 'y'>): string {
  let path = '';
  let open = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${open ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    open = value !== null;
  });
  return path;
}

/** Like `linePath`, but level until the next value, since the best so far changes in steps. */
export function stepPath(values: readonly (number | null)[], { x, y }: Pick<Scales, 'x' | 'y'>): string {
  let path = '';
  values.forEach((value, index) => {
    if (value === null) return;
    path += path ? `H${x(index).toFixed(1)}V${y(value).toFixed(1)}` : `M${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return path;
}
