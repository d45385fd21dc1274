import type { RewardTerms } from '../../libs/contracts/src/index.ts';

export interface LabeledTerms {
  example: string;
  terms: RewardTerms;
  /** Whether the label calls the render done. */
  done: boolean;
}

/** Minimums that all must hold. */
export type Rule = Readonly<Record<string, number>>;

export interface Agreement {
  /** Done renders that the rule calls done, and those that are not done. */
  right: number;
  wrong: number;
  done: number;
  open: number;
}

const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => Number((from + index * step).toFixed(4)));

/** Rules of one term, and of the overall score with another term. */
export const alone = (term: string): Rule[] => steps(0.7, 0.999, 0.001).map((minimum) => ({ [term]: minimum }));
export const together = (term: string): Rule[] =>
  steps(0.95, 0.998, 0.001).flatMap((overall) =>
    steps(0.8, 0.995, 0.005).map((minimum) => ({ overall, [term]: minimum })),
  );

const holds = (rule: Rule, terms: RewardTerms): boolean =>
  Object.entries(rule).every(([term, minimum]) => (terms[term] ?? 0) >= minimum);

export function agreementOf(rule: Rule, renders: readonly LabeledTerms[]): Agreement {
  const called = renders.filter(({ terms }) => holds(rule, terms));
  const done = renders.filter((render) => render.done).length;
  const right = called.filter((render) => render.done).length;
  return { right, wrong: called.length - right, done, open: renders.length - done };
}

/** Mean of the shares of done and of open renders that are told right, so that their numbers do not matter. */
export const balanced = ({ right, wrong, done, open }: Agreement): number => (right / done + 1 - wrong / open) / 2;

/** The rule that agrees best; of equal ones the first. */
export const bestOf = (rules: readonly Rule[], renders: readonly LabeledTerms[]): Rule =>
  rules.reduce((best, rule) =>
    balanced(agreementOf(rule, renders)) > balanced(agreementOf(best, renders)) ? rule : best,
  );

/** Wilson's interval of a share at 95 %. */
export function intervalOf(hits: number, total: number): [low: number, high: number] {
  if (total === 0) return [0, 1];
  const z = 1.96;
  const share = hits / total;
  const middle = (share + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const half = (z * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2))) / (1 + z ** 2 / total);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
