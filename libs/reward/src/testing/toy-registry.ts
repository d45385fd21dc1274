import { registry as standardTerms } from '../terms/registry.ts';
import type { MoleculeTerm, TermRegistry } from '../terms/reward-term.ts';
import { inkShare } from './ink-share.ts';

/** The similarity that the renderer found. */
const moleculeSimilarity: MoleculeTerm = {
  id: 'moleculeSimilarity',
  label: 'molecule',
  description: 'the molecule itself',
  needs: 'molecule',
  threshold: false,
  nothingRendered: 0,
  identical: 1,
  compute: ({ similarity }) => similarity,
};

/** The standard terms and those of the tests. */
export const registry: TermRegistry = {
  module: import.meta.url,
  terms: [...standardTerms.terms, inkShare, moleculeSimilarity],
};
