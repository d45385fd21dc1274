import type { Molecule } from '@pentimento/contracts';
import type { RewardTerm } from '../terms/reward-term.ts';
import type { TermValues } from './comparison.ts';

/** What a caller may know of the images in addition to their pixels. */
export interface ScoreContext {
  /** What both images show as text, in reading order; null where it is not known. */
  text?: { target: string | null; render: string | null };
  /** The render's molecule; absent where the target's is not known. */
  molecule?: Molecule | null;
}

/** Values of the terms that need the texts of two images, by id; computed elsewhere, since it may take long. */
export type CompareTexts = (target: string, render: string) => Promise<Record<string, number>>;

/** The values of the terms that need more than the images. Null where that is not known. */
export async function contextValues(
  terms: readonly RewardTerm[],
  { text, molecule }: ScoreContext,
  rendered: boolean,
  compareTexts: CompareTexts,
): Promise<TermValues> {
  const texts = terms.some(({ needs }) => needs === 'texts')
    ? await textValues(terms, text, rendered, compareTexts)
    : {};
  return { ...texts, ...moleculeValues(terms, molecule, rendered) };
}

/** Equal texts need no comparison. */
async function textValues(
  terms: readonly RewardTerm[],
  text: ScoreContext['text'],
  rendered: boolean,
  compareTexts: CompareTexts,
): Promise<TermValues> {
  if (text?.target == null) return {};
  if (!rendered) return valuesOf(terms, 'texts', (term) => term.nothingRendered);
  if (text.render === null) return {};
  if (text.target === text.render) return valuesOf(terms, 'texts', (term) => term.identical);
  return compareTexts(text.target, text.render);
}

function moleculeValues(
  terms: readonly RewardTerm[],
  molecule: Molecule | null | undefined,
  rendered: boolean,
): TermValues {
  if (molecule === undefined) return {};
  return valuesOf(terms, 'molecule', (term) => (rendered && molecule ? term.compute(molecule) : term.nothingRendered));
}

function valuesOf<Needs extends RewardTerm['needs']>(
  terms: readonly RewardTerm[],
  needs: Needs,
  valueOf: (term: Extract<RewardTerm, { needs: Needs }>) => number | null,
): TermValues {
  const matching = terms.filter((term): term is Extract<RewardTerm, { needs: Needs }> => term.needs === needs);
  return Object.fromEntries(matching.map((term) => [term.id, valueOf(term)]));
}
