import type { Candidate, EventData, Iteration, NewEvent, Patch, Verdict } from '@pentimento/contracts';
import { regionChanges } from '../patches/changes.ts';
import { selectPatches } from '../patches/select.ts';
import { overallOf, renderOf } from '../search/steps.ts';
import { candidateOf, triedFrom, treeOf, type SearchTree } from '../search/tree.ts';
import type { PlannedGroup } from './group.ts';
import type { Loop } from './input.ts';

export interface FinishedGroup extends PlannedGroup {
  candidates: Candidate[];
}

export interface FinishedRound {
  groups: readonly FinishedGroup[];
  /** One list a group, in order. */
  verdicts: readonly (readonly Verdict[])[];
  startedAt: string;
}

/** The iterations that a round adds to the trajectory. */
export function iterationsOf({ job, ports }: Loop, tree: SearchTree, round: FinishedRound): Iteration[] {
  const finishedAt = new Date(ports.clock.now()).toISOString();
  let { best } = tree;
  return round.groups.map(({ iteration, step, patches, candidates }, at) => {
    const verdicts = round.verdicts[at]!.slice();
    const accepted = candidates.filter((_, index) => verdicts[index] === 'accepted');
    best = bestOf(best, accepted);
    const before = step.parents[0]?.reward.map ?? null;
    const after = topOf(candidates, verdicts)?.reward.map ?? null;
    return {
      jobId: job.id,
      index: iteration,
      round: tree.rounds.length,
      kind: step.kind,
      parents: step.parents.map(({ id }) => id),
      patches,
      candidates,
      verdicts,
      accepted: accepted.map(({ id }) => id),
      ...regionChanges(before, after, { patches, size: job.target }),
      best: best && { candidate: best.id, iteration: best.iteration, overall: overallOf(best) },
      startedAt: round.startedAt,
      finishedAt,
    };
  });
}

/** The best so far gives way to the highest-scoring accepted candidate, unless that one scores less. */
function bestOf(best: Candidate | null, accepted: readonly Candidate[]): Candidate | null {
  const top = highest(accepted);
  return top && (best === null || overallOf(top) >= overallOf(best)) ? top : best;
}

/** The highest-scoring candidate that shows something new. */
function topOf(candidates: readonly Candidate[], verdicts: readonly Verdict[]): Candidate | null {
  return highest(
    candidates.filter(
      (candidate, index) =>
        renderOf(candidate) !== null && !['duplicate', 'embedded_bitmap'].includes(verdicts[index]!),
    ),
  );
}

/** The first of those that score highest. */
function highest(candidates: readonly Candidate[]): Candidate | null {
  return candidates.toSorted((a, b) => overallOf(b) - overallOf(a))[0] ?? null;
}

/** The regions that a prompt from this parent asks to fix: none where there is no parent or it has no score map. */
export function patchesFrom({ job }: Pick<Loop, 'job'>, tree: SearchTree, parent: Candidate | null): Patch[] {
  if (!parent?.reward.map) return [];
  const { iterations } = tree;
  return selectPatches({
    map: parent.reward.map,
    size: { width: job.target.width, height: job.target.height },
    count: job.policy.patches,
    before: candidateOf(iterations, parent.parents[0])?.reward.map ?? null,
    tried: triedFrom(tree, parent).flatMap(({ patches }) => patches.map(({ box }) => box)),
  });
}

/** `before` is the tree without the iteration. */
export function finishedEvent(loop: Loop, iteration: Iteration, before: SearchTree): NewEvent {
  const after = treeOf([...before.iterations, iteration]);
  const worst = patchesFrom(loop, after, after.best)[0];
  const scores = iteration.candidates.filter((candidate) => renderOf(candidate) !== null).map(overallOf);
  const data: EventData<'iteration.finished'> = {
    iteration: iteration.index,
    kind: iteration.kind,
    verdicts: iteration.verdicts,
    accepted: iteration.accepted,
    score: scores.length > 0 ? Math.max(...scores) : null,
    best: after.best && overallOf(after.best),
    change: after.best && before.best && overallOf(after.best) - overallOf(before.best),
    worstPatch: worst ? { ...worst.box, score: worst.score } : null,
    ms: {
      model: sum(iteration.candidates.map(({ call }) => call?.ms)),
      render: sum(iteration.candidates.map(({ render }) => render?.ms)),
      reward: sum(iteration.candidates.map(({ reward }) => reward.ms)),
    },
  };
  return { type: 'iteration.finished', data };
}

function sum(times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? known.reduce((total, time) => total + time, 0) : null;
}
