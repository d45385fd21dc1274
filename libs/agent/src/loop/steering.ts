import {
  interventionsAt,
  ofInterventionKind,
  type Box,
  type Intervention,
  type InterventionOf,
} from '@pentimento/contracts';
import { promptSets } from '../prompts/templates/index.ts';
import { branchOf, type Branch } from '../search/branch.ts';
import { candidateOf, type SearchTree } from '../search/tree.ts';
import type { Loop } from './input.ts';

/** What people want of one round. */
export interface Steering {
  /** Edits by hand, which are the round. */
  edits: readonly InterventionOf<'edit'>[];
  /** Regions to fix, in words. */
  fixes: readonly InterventionOf<'fix'>[];
  /** Regions that must stay as they are. */
  locked: readonly Box[];
  /** Null: the search goes on from the best. */
  branch: Branch | null;
  /** The iteration from which the job went on last: patience and repairs count from it. */
  since: number;
}

export const unsteered: Steering = { edits: [], fixes: [], locked: [], branch: null, since: 0 };

/** What the interventions of a job mean for the round that begins after the tree. */
function steeringOf(interventions: readonly Intervention[], tree: SearchTree): Steering {
  const next = tree.iterations.length;
  const holding = interventionsAt(interventions, next);
  const continued = ofInterventionKind(holding, 'continue').at(-1);
  return {
    edits: ofInterventionKind(holding, 'edit').filter(({ fromIteration }) => fromIteration === next),
    fixes: ofInterventionKind(holding, 'fix'),
    locked: ofInterventionKind(holding, 'lock').map(({ box }) => box),
    branch: branchIn(holding, tree),
    since: continued?.fromIteration ?? 0,
  };
}

function branchIn(holding: readonly Intervention[], tree: SearchTree): Branch | null {
  const newest = ofInterventionKind(holding, 'branch').at(-1);
  const candidate = candidateOf(tree.iterations, newest?.candidate);
  return candidate && { candidate, from: newest!.fromIteration! };
}

/**
 * The loop as the interventions have it for the round that begins after the tree: with the policy and the model that hold for it, which
 * are older than the job's where a round was under way when it ended. Code that a person edited is never trusted.
 */
export function steered(loop: Loop, interventions: readonly Intervention[], tree: SearchTree): Loop {
  const next = tree.iterations.length;
  const later = ofInterventionKind(interventions, 'continue').find(
    ({ fromIteration }) => fromIteration === null || fromIteration > next,
  );
  const { policy, model } = later?.before ?? loop.job;
  const edited = ofInterventionKind(interventions, 'edit').some(({ fromIteration }) => fromIteration !== null);
  return {
    ...loop,
    job: { ...loop.job, policy, model },
    strategy: loop.strategies.find(({ id }) => id === policy.strategy) ?? loop.strategy,
    promptSet: promptSets.find(({ id }) => id === policy.promptSet) ?? loop.promptSet,
    trusted: loop.trusted && !edited,
    steering: steeringOf(interventions, tree),
  };
}

/** The tree as the search sees it. */
export const searchedTree = ({ steering: { branch } }: Loop, tree: SearchTree): SearchTree =>
  branch ? branchOf(tree, branch) : tree;
