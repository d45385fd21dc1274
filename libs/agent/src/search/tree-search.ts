import type { Candidate } from '@pentimento/contracts';
import { improvementStep, openingStep, overallOf, repairStep } from './steps.ts';
import type { SearchStrategy } from './strategy.ts';
import { acceptedIn, type SearchTree } from './tree.ts';
import { bestIfItGains, guardedIn } from './verdicts.ts';

/** How much an unvisited branch is worth beside a better one, in score. Scores of a job lie within a few tenths of each other. */
const exploration = 0.1;

/**
 * Monte Carlo tree search over accepted candidates (UCT with progressive widening): a candidate that gains on its own parent opens a
 * branch, also where it is not the best of all. A round goes down from the root to the branch with the highest upper bound of its best
 * score, and improves the candidate at which a further branch is due; the root's branches are drafts.
 */
export const treeSearch: SearchStrategy = {
  id: 'tree',
  singleGroup: true,
  plan(tree, context) {
    const last = tree.iterations.at(-1);
    if (!last) return [openingStep(context)];
    if (tree.best === null) return [repairStep(last.candidates, context)];
    const parent = chosenIn(tree);
    return [parent ? improvementStep(parent, context) : openingStep({ ...context, hasInitialCode: false })];
  },
  select(tree, round, context) {
    const options = {
      known: acceptedIn(tree),
      guarded: guardedIn(round, tree, context),
      minGain: context.policy.minGain,
    };
    return round.map(({ step, candidates }) => {
      const [parent = null] = step.kind === 'repair' ? [] : step.parents;
      return bestIfItGains(candidates, { ...options, from: parent });
    });
  },
};

/** A branch: a candidate, or the root, with what was accepted from it. */
interface Branch {
  candidate: Candidate | null;
  /** Null for the root. */
  parent: Branch | null;
  children: Branch[];
  /** Rounds that went through it, the one that made it included. */
  visits: number;
  /** Of all candidates below it and itself. */
  best: number;
}

/** The candidate from which a further branch is due; null for the root. */
function chosenIn(tree: SearchTree): Candidate | null {
  let branch = rootOf(tree);
  // A branch for each square of visits: the second at two, the third at five, the fourth at ten.
  while (branch.children.length >= Math.ceil(Math.sqrt(branch.visits))) branch = promisingChild(branch);
  return branch.candidate;
}

const promisingChild = ({ children, visits }: Branch): Branch =>
  children.reduce((first, second) => (bound(second, visits) > bound(first, visits) ? second : first));

const bound = ({ best, visits }: Branch, visitsOfParent: number): number =>
  best + exploration * Math.sqrt(Math.log(visitsOfParent) / visits);

function rootOf({ iterations }: SearchTree): Branch {
  const root: Branch = { candidate: null, parent: null, children: [], visits: 0, best: 0 };
  const branches = new Map<string, Branch>();
  for (const { parents, kind, candidates, accepted } of iterations) {
    const parent = (kind !== 'repair' && branches.get(parents[0] ?? '')) || root;
    const opened = candidates
      .filter(({ id }) => accepted.includes(id))
      .map((candidate): Branch => ({ candidate, parent, children: [], visits: 1, best: overallOf(candidate) }));
    for (const branch of opened) branches.set(branch.candidate!.id, branch);
    parent.children.push(...opened);
    for (let above: Branch | null = parent; above; above = above.parent) {
      above.visits++;
      above.best = Math.max(above.best, ...opened.map(({ best }) => best));
    }
  }
  return root;
}
