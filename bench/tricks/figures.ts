import type { RewardTerms } from '../../libs/contracts/src/index.ts';
import { areaUnderCurve } from '../ranking/statistics.ts';
import type { Sample } from './samples.ts';

/** A score of an image from its terms. */
export interface Measure {
  name: string;
  of(terms: RewardTerms): number;
}

interface TrickFigures {
  scores: number[];
  median: number;
  highest: number;
  /** Chance that an honest render scores more than a trick, over all targets. */
  area: number;
}

/** `honest`: the median of the honest renders. */
export function figuresOf(
  measure: Measure,
  samples: readonly Sample[],
): { honest: number; cheap: TrickFigures; soft: TrickFigures } {
  const scoresOf = (kind: Sample['kind']): number[] =>
    samples.filter((sample) => sample.kind === kind).map(({ terms }) => measure.of(terms));
  const honest = scoresOf('honest');
  const figures = (scores: number[]): TrickFigures => ({
    scores,
    median: quantile(scores, 0.5),
    highest: Math.max(...scores),
    area: areaUnderCurve(honest, scores),
  });
  return { honest: quantile(honest, 0.5), cheap: figures(scoresOf('cheap')), soft: figures(scoresOf('soft')) };
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const ways: Record<string, (values: readonly number[]) => number> = {
  min: (values) => Math.min(...values),
  product: (values) => values.reduce((total, value) => total * value, 1),
  mean: (values) => sum(values) / values.length,
  'harmonic mean': (values) => values.length / sum(values.map((value) => 1 / Math.max(value, 1e-9))),
};

/** Every set of two terms or more, combined in each way. */
export function combinations(terms: readonly string[]): Measure[] {
  const sets = Array.from({ length: 2 ** terms.length }, (_, bits) => terms.filter((_, index) => (bits >> index) & 1));
  return sets
    .filter((set) => set.length > 1)
    .flatMap((set) =>
      Object.entries(ways).map(([way, combine]) => ({
        name: `${way}(${set.join(', ')})`,
        of: (values: RewardTerms) => combine(set.map((term) => values[term]!)),
      })),
    );
}
