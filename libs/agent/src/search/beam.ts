import type { Candidate } from '@pentimento/contracts';
import { byScore, improvementStep, openingStep, repairStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';
import { acceptedIn, type SearchTree } from './tree.ts';
import { gainsOn } from './gain.ts';
import { distinctIn, guardedIn, verdictsFor } from './verdicts.ts';

/**
 * Beam search that keeps parents: the beam is the `width` highest-scoring candidates so far, and each round is one group from each of
 * them. A candidate that scores less than `minGain` above the best is no gain, so that noise does not go on for ever.
 */
export const beam: SearchStrategy = {
  id: 'beam',
  singleGroup: false,
  plan(tree, context) {
    const last = tree.iterations.at(-1);
    if (!last) return [openingStep(context)];
    const parents = beamOf(tree, context.policy.width);
    if (parents.length === 0) return [repairStep(last.candidates, context)];
    return parents.map((parent) => improvementStep(parent, context));
  },
  select(tree, round, context) {
    const { width, minGain } = context.policy;
    const all = round.flatMap(({ candidates }) => candidates);
    const distinct = distinctIn(all, acceptedIn(tree));
    const guarded = guardedIn(round, tree, context);
    const gains = (candidate: Candidate): boolean => gainsOn(candidate, tree.best, minGain);
    const isNoise = (candidate: Candidate): boolean =>
      tree.best !== null && !gains(candidate) && gainsOn(candidate, tree.best, 0);
    const open = distinct.filter((candidate) => !isNoise(candidate) && !guarded.has(candidate));
    const next = byScore([...beamOf(tree, width), ...open]).slice(0, width);
    const accepted = distinct.filter((candidate) => next.includes(candidate));
    return round.map(({ candidates }) => verdictsFor(candidates, { distinct, guarded, accepted, gains }));
  },
};

const beamOf = (tree: SearchTree, width: number): Candidate[] => byScore(acceptedIn(tree)).slice(0, width);
