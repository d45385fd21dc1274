import type { RewardTerms, Size } from '@pentimento/contracts';
import { publishedTerms } from '../terms/published.ts';
import type { CombinedTerm, MoleculeTerm, RewardTerm, TextsTerm } from '../terms/reward-term.ts';
import type { Comparison, TermValues } from './comparison.ts';

type ContextTerm = TextsTerm | MoleculeTerm;
type ImagesTerm = Exclude<RewardTerm, ContextTerm>;

/** Whether a term depends on the two images alone; the others depend on what the caller knows of them. */
export function needsImagesOnly(term: RewardTerm): term is ImagesTerm {
  return term.needs !== 'texts' && term.needs !== 'molecule';
}

/** What the terms that need the images only are computed from. */
export interface ImageEvidence {
  tiles: readonly number[];
  /** Empty where the target has none. */
  windows: readonly number[];
  sizes: { target: Size; render: Size };
  /** Values of the terms that need pixels, from the worker. */
  pixels: Readonly<Record<string, number>>;
}

export function imageValues(terms: readonly RewardTerm[], evidence: ImageEvidence): TermValues {
  const single = terms.filter(needsImagesOnly).filter((term) => term.needs !== 'terms');
  const values = Object.fromEntries(single.map((term) => [term.id, imageValue(term, evidence)]));
  const combined = terms.filter((term) => term.needs === 'terms').map((term) => [term.id, combinedValue(term, values)]);
  return { ...values, ...(Object.fromEntries(combined) as TermValues) };
}

const combinedValue = (term: CombinedTerm, values: TermValues): number =>
  term.compute(term.terms.map((id) => values[id]!));

function imageValue(
  term: Exclude<ImagesTerm, CombinedTerm>,
  { tiles, windows, sizes, pixels }: ImageEvidence,
): number | null {
  switch (term.needs) {
    case 'tiles':
      return term.compute(tiles);
    case 'windows':
      return windows.length > 0 ? term.compute(windows) : null;
    case 'sizes':
      return term.compute(sizes.target, sizes.render);
    case 'pixels':
      return pixels[term.id]!;
  }
}

/** All terms of a candidate: the published ones, then the registered ones in their order. */
export function allTerms(
  terms: readonly RewardTerm[],
  { tiles, values }: Comparison,
  context: { alignment: 0 | 1; values: TermValues },
): RewardTerms {
  const scores = tiles.map(({ score }) => score);
  const known = { ...values, ...context.values };
  const others = Object.fromEntries(terms.map(({ id }) => [id, known[id] ?? null]));
  return { ...publishedTerms(scores, context.alignment), ...others };
}
