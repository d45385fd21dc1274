import type { Candidate, EventData, Iteration, NewEvent, Patch, Verdict } from '@pentimento/contracts';
import { centerOf, holdsPoint, markedPatch, regionChanges, selectPatches } from '@pentimento/patches';
import { overallOf, renderOf } from '../search/steps.ts';
import { bestOf, candidateOf, highest, triedFrom, treeOf, type SearchTree } from '../search/tree.ts';
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

/** The highest-scoring candidate that shows something new. */
function topOf(candidates: readonly Candidate[], verdicts: readonly Verdict[]): Candidate | null {
  return highest(
    candidates.filter(
      (candidate, index) =>
        renderOf(candidate) !== null && !['duplicate', 'blank', 'embedded_bitmap'].includes(verdicts[index]!),
    ),
  );
}

/**
 * The regions that a prompt from this parent asks to fix: those that people marked, then those in which most of the score is lost, if the
 * parent has a score map. None of these is where people marked or locked a region.
 */
export function patchesFrom(loop: Loop, tree: SearchTree, parent: Candidate | null): Patch[] {
  const { fixes, locked } = loop.steering;
  const marked = fixes.map((fix) => markedPatch(fix, parent?.reward.map ?? null, loop.job.target));
  const taken = [...fixes.map(({ box }) => box), ...locked];
  const { patches } = loop.job.policy;
  const chosen = worstPatches(loop, tree, parent, patches + taken.length)
    .filter(({ box }) => !taken.some((other) => holdsPoint(other, centerOf(box))))
    .slice(0, Math.max(0, patches - marked.length));
  return [...marked, ...chosen].map((patch, index) => ({ ...patch, rank: index + 1 }));
}

/** The regions in which a candidate loses most of the score; none where it has no score map. */
function worstPatches({ job }: Loop, tree: SearchTree, parent: Candidate | null, count: number): Patch[] {
  if (!parent?.reward.map || parent.reward.empty) return [];
  const { iterations } = tree;
  return selectPatches({
    map: parent.reward.map,
    size: { width: job.target.width, height: job.target.height },
    count,
    before: candidateOf(iterations, parent.parents[0])?.reward.map ?? null,
    tried: triedFrom(tree, parent).flatMap(({ patches }) => patches.map(({ box }) => box)),
  });
}

/** `before` is the tree without the iteration. */
export function finishedEvent(loop: Loop, iteration: Iteration, before: SearchTree): NewEvent {
  const after = treeOf([...before.iterations, iteration]);
  const [worst] = worstPatches(loop, after, after.best, 1);
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
