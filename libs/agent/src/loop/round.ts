import {
  embedsBitmap,
  type BlobId,
  type Candidate,
  type Iteration,
  type ModelCall,
  type ModelFailure,
} from '@pentimento/contracts';
import pLimit from 'p-limit';
import { seededRandom } from '../search/random.ts';
import type { SearchContext, SearchStep } from '../search/strategy.ts';
import { treeOf, type SearchTree } from '../search/tree.ts';
import { runCandidate, type CandidateResult, type Replies } from './candidate.ts';
import { prepareGroup, withPrompt, type PlannedGroup, type PreparedGroup } from './group.ts';
import type { Loop } from './input.ts';
import { finishedEvent, iterationsOf, patchesFrom, type FinishedGroup } from './iteration.ts';
import { readText } from './text-blobs.ts';
import { budgetConditions, firstStop, loopState, stopConditions, type Stop } from './stop.ts';

export type RoundResult =
  | { kind: 'finished'; iterations: Iteration[] }
  | { kind: 'failed'; failures: ModelFailure[] }
  | { kind: 'stopped'; stop: Stop }
  | { kind: 'lost' };

/** A round whose prompts are built and whose replies are still to come. */
export interface OpenRound {
  groups: readonly PreparedGroup[];
  /** PNG of the target. */
  target: Uint8Array;
  startedAt: string;
}

type OpenedRound = { kind: 'open'; round: OpenRound } | Extract<RoundResult, { kind: 'stopped' | 'lost' }>;

const nothingLeft: Stop = { reason: 'plateau', detail: 'The search has nothing left to try.' };

/** Checks the stop conditions, plans the next round, and builds its prompts. */
export async function openRound(loop: Loop, tree: SearchTree): Promise<OpenedRound> {
  const plan = planRound(loop, tree);
  if (plan.kind === 'stopped') return plan;
  const startedAt = new Date(loop.ports.clock.now()).toISOString();
  for (const { iteration, step } of plan.groups) {
    const data = { iteration, kind: step.kind, candidates: step.candidates };
    if ((await loop.ports.trajectory.emit({ type: 'iteration.started', data })) === 'lost') return { kind: 'lost' };
  }
  const target = await loop.ports.blobs.get(loop.job.target.image);
  const groups: PreparedGroup[] = [];
  for (const group of plan.groups) groups.push(await prepareGroup(loop, tree, group, target));
  return { kind: 'open', round: { groups, target, startedAt } };
}

/** A round of one group that `openRound` gave out, with the prompt that was given out then. */
export async function reopenRound(
  loop: Loop,
  tree: SearchTree,
  { prompt, startedAt }: { prompt: BlobId; startedAt: string },
): Promise<OpenedRound> {
  const plan = planRound(loop, tree);
  if (plan.kind === 'stopped') return plan;
  const target = await loop.ports.blobs.get(loop.job.target.image);
  const groups = await Promise.all(plan.groups.map((group) => withPrompt(loop, group, prompt)));
  return { kind: 'open', round: { groups, target, startedAt } };
}

/** Runs the candidates of an open round, lets the strategy select, and stores the round's iterations in one transaction. */
export async function runRound(
  loop: Loop,
  tree: SearchTree,
  round: OpenRound & { replies: Replies },
): Promise<RoundResult> {
  const results = await runGroups(loop, tree, round);
  const finished = finishedGroups(round.groups, results);
  if (finished.kind !== 'finished') return finished;

  const bitmaps = await bitmapsIn(loop, finished.groups);
  const context = contextOf(loop, tree, { use: 'select', bitmaps });
  const verdicts = loop.strategy.select(tree, finished.groups, context);
  const { startedAt } = round;
  const iterations = iterationsOf(loop, tree, { groups: finished.groups, verdicts, startedAt });
  const stored = iterations.map((iteration, index) => {
    const before = treeOf([...tree.iterations, ...iterations.slice(0, index)]);
    return { iteration, event: finishedEvent(loop, iteration, before) };
  });
  const result = await loop.ports.trajectory.appendRound(stored);
  return result === 'lost' ? { kind: 'lost' } : { kind: 'finished', iterations };
}

/** Why there is no next round, or the strategy's groups, without those beyond `maxIterations`. */
function planRound(
  loop: Loop,
  tree: SearchTree,
): { kind: 'planned'; groups: PlannedGroup[] } | { kind: 'stopped'; stop: Stop } {
  const { policy, budget } = loop.job;
  const stop = firstStop(stopConditions(policy, budget), loopState(loop, tree));
  if (stop) return { kind: 'stopped', stop };
  const first = tree.iterations.length;
  const groups = loop.strategy
    .plan(tree, contextOf(loop, tree, { use: 'plan' }))
    .slice(0, policy.maxIterations - first)
    .map((step, index) => ({
      iteration: first + index,
      step,
      patches: patchesFrom(loop, tree, step.parents[0] ?? null),
    }));
  return groups.length === 0 ? { kind: 'stopped', stop: nothingLeft } : { kind: 'planned', groups };
}

function contextOf(
  { job }: Loop,
  { rounds }: SearchTree,
  { use, bitmaps = new Set() }: { use: 'plan' | 'select'; bitmaps?: ReadonlySet<string> },
): SearchContext {
  const stream = rounds.length * 2 + (use === 'plan' ? 0 : 1);
  return {
    policy: job.policy,
    hasInitialCode: job.initialCode !== null,
    random: seededRandom(job.policy.seed ?? 0, stream),
    size: { width: job.target.width, height: job.target.height },
    locked: [],
    embedsBitmap: ({ id }) => bitmaps.has(id),
  };
}

/** The ids of the candidates that render and whose code holds an image. */
async function bitmapsIn({ job, ports }: Loop, groups: readonly FinishedGroup[]): Promise<Set<string>> {
  const ids = groups
    .flatMap(({ candidates }) => candidates)
    .map(async ({ id, code, render }: Candidate) => {
      const holds =
        code !== null && render?.status === 'ok' && embedsBitmap(await readText(ports.blobs, code), job.target);
      return holds ? [id] : [];
    });
  return new Set((await Promise.all(ids)).flat());
}

/** A result, or the budget that left no room for the call. */
type GroupResult = CandidateResult | { kind: 'skipped'; stop: Stop };

/**
 * Runs the candidates of all groups at the same time; one after the other where a budget of tokens or money must be checked before
 * each call. A call that the budget forbids is skipped. A recorded call is reused, and counts from the start.
 */
async function runGroups(
  loop: Loop,
  tree: SearchTree,
  { groups, target, replies }: OpenRound & { replies: Replies },
): Promise<GroupResult[][]> {
  const { budget } = loop.job;
  const metered = budget.maxTokens !== undefined || budget.maxCost !== undefined;
  const limit = pLimit(metered ? 1 : Number.POSITIVE_INFINITY);
  const calls = metered ? await recordedCalls(loop, groups) : new Map<string, ModelCall>();
  const runOne = async (group: PreparedGroup, index: number): Promise<GroupResult> => {
    loop.signal.throwIfAborted();
    const key = `${group.iteration}/${index}`;
    const stop =
      metered && !calls.has(key) && firstStop(budgetConditions(budget), loopState(loop, tree, calls.values()));
    if (stop) return { kind: 'skipped', stop };
    const result = await runCandidate({ loop, group, target, replies }, index);
    if (result.kind === 'candidate' && result.candidate.call) calls.set(key, result.candidate.call);
    return result;
  };
  return Promise.all(
    groups.map((group) => Promise.all(indicesOf(group.step).map((index) => limit(runOne, group, index)))),
  );
}

async function recordedCalls({ ports }: Loop, groups: readonly PlannedGroup[]): Promise<Map<string, ModelCall>> {
  const positions = groups.flatMap(({ iteration, step }) => indicesOf(step).map((index) => ({ iteration, index })));
  const calls = await Promise.all(positions.map(({ iteration, index }) => ports.trajectory.findCall(iteration, index)));
  return new Map(calls.flatMap((call) => (call ? [[`${call.iteration}/${call.candidate}`, call] as const] : [])));
}

const indicesOf = ({ candidates }: SearchStep): number[] => Array.from({ length: candidates }, (_, index) => index);

/**
 * The groups with their candidates, as far as the budget allowed calls. A group whose calls all failed fails the round: what the other
 * groups stored is reused when the job is retried.
 */
function finishedGroups(
  groups: readonly PlannedGroup[],
  results: readonly (readonly GroupResult[])[],
): { kind: 'finished'; groups: FinishedGroup[] } | Exclude<RoundResult, { kind: 'finished' }> {
  if (results.flat().some(({ kind }) => kind === 'lost')) return { kind: 'lost' };
  const finished: FinishedGroup[] = [];
  for (const [at, group] of groups.entries()) {
    const candidates = ofKind(results[at]!, 'candidate').map(({ candidate }) => candidate);
    if (candidates.length > 0) {
      finished.push({ ...group, candidates });
      continue;
    }
    const failures = ofKind(results[at]!, 'failure').map(({ failure }) => failure);
    if (failures.length > 0) return { kind: 'failed', failures };
    if (finished.length > 0) break;
    return { kind: 'stopped', stop: ofKind(results[at]!, 'skipped')[0]!.stop };
  }
  return { kind: 'finished', groups: finished };
}

function ofKind<Kind extends GroupResult['kind']>(results: readonly GroupResult[], kind: Kind) {
  return results.filter((result): result is Extract<GroupResult, { kind: Kind }> => result.kind === kind);
}
