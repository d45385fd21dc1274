import type { BlobId, Candidate, RefinementResult } from '@pentimento/contracts';
import { planFrom } from '../search/branch.ts';
import { seededRandom } from '../search/random.ts';
import type { SearchContext, SearchStep } from '../search/strategy.ts';
import { candidateOf, countedIterations, type SearchTree } from '../search/tree.ts';
import type { PlannedGroup } from './group.ts';
import type { Loop } from './input.ts';
import { patchesFrom } from './iteration.ts';
import { steered } from './steering.ts';
import { firstStop, loopState, scoreAtLeast, stopConditions, type Stop } from './stop.ts';

/** The groups of a round, or why there is none. `loop` is as the interventions have it that hold for the round. */
export type RoundPlan =
  | {
      kind: 'planned';
      loop: Loop;
      groups: PlannedGroup[];
      /** Why no model is called for replies that are not recorded yet. */
      closing?: Stop;
    }
  | { kind: 'stopped'; stop: Stop }
  /** The job was queued for edits alone, and there is none left. */
  | { kind: 'ended'; end: RefinementResult }
  | { kind: 'lost' };

const nothingLeft: Stop = { reason: 'plateau', detail: 'The search has nothing left to try.' };

/**
 * Begins a round: what holds for it is decided, if it was not before. Edits by hand come first, also where a stop condition holds, and
 * the job's own time does not stop them. A job that was queued for them alone ends then; of a round that was under way it keeps what was
 * paid for.
 */
export async function beginRound(input: Loop, tree: SearchTree): Promise<RoundPlan> {
  const start = await input.ports.trajectory.beginRound(tree.iterations.length);
  if (start === 'lost') return { kind: 'lost' };
  const loop = steered(input, start.interventions, tree);
  const untimed = { ...loop, signal: loop.untimed };
  if (loop.steering.edits.length > 0) return { kind: 'planned', loop: untimed, groups: editGroups(loop, tree) };
  if (start.endsAs) return endAgain(untimed, tree, start.endsAs);
  const stop = firstStop(stopConditions(input.job.policy, loop.job.budget), loopState(loop, tree));
  if (stop) return { kind: 'stopped', stop };
  const groups = searchGroups(loop, tree);
  return groups.length === 0 ? { kind: 'stopped', stop: nothingLeft } : { kind: 'planned', loop, groups };
}

async function endAgain(loop: Loop, tree: SearchTree, end: RefinementResult): Promise<RoundPlan> {
  const groups = searchGroups(loop, tree);
  if (await isPaid(loop, groups)) {
    return { kind: 'planned', loop, groups, closing: { reason: end.stopReason, detail: end.detail } };
  }
  const stop = firstStop([scoreAtLeast(loop.job.policy)], loopState(loop, tree));
  return stop ? { kind: 'stopped', stop } : { kind: 'ended', end };
}

/** Whether something of the round is stored. */
async function isPaid({ ports: { trajectory } }: Loop, groups: readonly PlannedGroup[]): Promise<boolean> {
  for (const { iteration, step } of groups) {
    for (let index = 0; index < step.candidates; index++) {
      if ((await trajectory.findCall(iteration, index)) ?? (await trajectory.findCandidate(iteration, index)))
        return true;
    }
  }
  return false;
}

/** What the strategy plans, without the groups beyond `maxIterations`. */
function searchGroups(loop: Loop, tree: SearchTree): PlannedGroup[] {
  const { job, strategy, steering } = loop;
  const context = contextOf(loop, tree, { use: 'plan' });
  const left = Math.max(0, job.policy.maxIterations - countedIterations(tree));
  return planFrom(strategy, tree, { branch: steering.branch, context })
    .slice(0, left)
    .map((step, index) => grouped(loop, tree, step, index));
}

function editGroups(loop: Loop, tree: SearchTree): PlannedGroup[] {
  return loop.steering.edits.map(({ candidate, code }, index) => {
    const step = editStep(candidateOf(tree.iterations, candidate), code);
    return { iteration: tree.iterations.length + index, step, patches: [] };
  });
}

const editStep = (parent: Candidate | null, code: BlobId): SearchStep => ({
  ...{ kind: 'edit', candidates: 1, code },
  parents: parent ? [parent] : [],
});

const grouped = (loop: Loop, tree: SearchTree, step: SearchStep, index: number): PlannedGroup => ({
  iteration: tree.iterations.length + index,
  step,
  patches: step.kind === 'provided' ? [] : patchesFrom(loop, tree, step.parents[0] ?? null),
});

export function contextOf(
  { job, steering }: Loop,
  { rounds }: SearchTree,
  { use, bitmaps = new Set() }: { use: 'plan' | 'select'; bitmaps?: ReadonlySet<string> },
): SearchContext {
  const stream = rounds.length * 2 + (use === 'plan' ? 0 : 1);
  return {
    policy: job.policy,
    hasInitialCode: job.initialCode !== null,
    random: seededRandom(job.policy.seed ?? 0, stream),
    size: { width: job.target.width, height: job.target.height },
    locked: steering.locked,
    embedsBitmap: ({ id }) => bitmaps.has(id),
  };
}
