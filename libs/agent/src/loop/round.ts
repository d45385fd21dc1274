import {
  type BlobId,
  type Candidate,
  type Iteration,
  type ModelCall,
  type ModelFailure,
  type ModelLimits,
} from '@pentimento/contracts';
import { embedsBitmap } from '@pentimento/replies';
import pLimit from 'p-limit';
import type { SearchStep } from '../search/strategy.ts';
import { treeOf, type SearchTree } from '../search/tree.ts';
import { beginRound, contextOf, type RoundPlan } from './begin-round.ts';
import { runCandidate, type CandidateResult, type Replies } from './candidate.ts';
import { prepareGroup, withPrompt, type PlannedGroup, type PreparedGroup } from './group.ts';
import type { Loop } from './input.ts';
import { finishedEvent, iterationsOf, type FinishedGroup } from './iteration.ts';
import { searchedTree } from './steering.ts';
import { budgetConditions, firstStop, loopState, type Stop } from './stop.ts';
import { readText } from './text-blobs.ts';

export type RoundResult =
  { kind: 'finished'; iterations: Iteration[] } | { kind: 'failed'; failures: ModelFailure[] } | NotPlanned;

type NotPlanned = Exclude<RoundPlan, { kind: 'planned' }>;

/** A round whose prompts are built and whose replies are still to come. */
export interface OpenRound {
  /** As the interventions have it that hold for the round. */
  loop: Loop;
  groups: readonly PreparedGroup[];
  /** PNG of the target. */
  target: Uint8Array;
  startedAt: string;
  /** What the model's server was known to take in one request when the prompts were built. */
  limits: ModelLimits;
  /** Why no model is called for replies that are not recorded yet; undefined where it is. */
  closing?: Stop;
}

const unlimited: ModelLimits = { images: Infinity, contextTokens: Infinity };

type OpenedRound = { kind: 'open'; round: OpenRound } | NotPlanned;

/** Checks the stop conditions, plans the next round, and builds its prompts. */
export async function openRound(loop: Loop, tree: SearchTree): Promise<OpenedRound> {
  const plan = await beginRound(loop, tree);
  if (plan.kind !== 'planned') return plan;
  const startedAt = new Date(loop.ports.clock.now()).toISOString();
  for (const { iteration, step } of plan.groups) {
    const data = { iteration, kind: step.kind, candidates: step.candidates };
    if ((await loop.ports.trajectory.emit({ type: 'iteration.started', data })) === 'lost') return { kind: 'lost' };
  }
  const target = await loop.ports.blobs.get(loop.job.target.image);
  const limits = loop.limits?.(plan.loop.job.model) ?? unlimited;
  const groups: PreparedGroup[] = [];
  for (const group of plan.groups) groups.push(await prepareGroup(plan.loop, tree, group, { target, limits }));
  return { kind: 'open', round: { loop: plan.loop, groups, target, startedAt, limits, closing: plan.closing } };
}

/** A round of one group that `openRound` gave out, with the prompt that was given out then. */
export async function reopenRound(
  loop: Loop,
  tree: SearchTree,
  { prompt, startedAt }: { prompt: BlobId; startedAt: string },
): Promise<OpenedRound> {
  const plan = await beginRound(loop, tree);
  if (plan.kind !== 'planned') return plan;
  const target = await loop.ports.blobs.get(loop.job.target.image);
  const groups = await Promise.all(plan.groups.map((group) => withPrompt(plan.loop, group, prompt)));
  return { kind: 'open', round: { loop: plan.loop, groups, target, startedAt, limits: unlimited } };
}

/** Runs the candidates of an open round, lets the strategy select, and stores the round's iterations in one transaction. */
export async function runRound(tree: SearchTree, round: OpenRound & { replies: Replies }): Promise<RoundResult> {
  const { loop, startedAt } = round;
  const results = await runGroups(tree, round);
  const finished = finishedGroups(round.groups, results);
  if (finished.kind !== 'finished') return finished;

  const bitmaps = await bitmapsIn(loop, finished.groups);
  const context = contextOf(loop, tree, { use: 'select', bitmaps });
  const verdicts = loop.strategy.select(searchedTree(loop, tree), finished.groups, context);
  const iterations = iterationsOf(loop, tree, { groups: finished.groups, verdicts, startedAt });
  const stored = iterations.map((iteration, index) => {
    const before = treeOf([...tree.iterations, ...iterations.slice(0, index)]);
    return { iteration, event: finishedEvent(loop, iteration, before) };
  });
  const result = await loop.ports.trajectory.appendRound(stored);
  return result === 'lost' ? { kind: 'lost' } : { kind: 'finished', iterations };
}

/** The ids of the candidates that render, and whose code holds an image or whose render shows bitmaps in more than the allowed share. */
async function bitmapsIn({ job, ports }: Loop, groups: readonly FinishedGroup[]): Promise<Set<string>> {
  const ids = groups
    .flatMap(({ candidates }) => candidates)
    .map(async ({ id, code, render }: Candidate) => {
      if (code === null || render?.status !== 'ok') return [];
      const holds =
        (render.bitmapShare ?? 0) > job.policy.maxBitmapShare ||
        embedsBitmap(await readText(ports.blobs, code), job.target);
      return holds ? [id] : [];
    });
  return new Set((await Promise.all(ids)).flat());
}

/** A result, or the reason why no model was called. */
type GroupResult = CandidateResult | { kind: 'skipped'; stop: Stop };

/**
 * Runs the candidates of all groups at the same time; one after the other where a budget of tokens or money must be checked before
 * each call. A call that the budget forbids is skipped. A recorded call is reused, and counts from the start.
 */
async function runGroups(tree: SearchTree, round: OpenRound & { replies: Replies }): Promise<GroupResult[][]> {
  const { loop, groups, target, replies, closing } = round;
  const { budget } = loop.job;
  const metered = budget.maxTokens !== undefined || budget.maxCost !== undefined;
  const limit = pLimit(metered ? 1 : Number.POSITIVE_INFINITY);
  const calls = metered || closing ? await recordedCalls(loop, groups) : new Map<string, ModelCall>();
  const whyNoCall = (group: PreparedGroup, index: number): Stop | undefined => {
    if (closing && !needsFirstReply(group, index, calls)) return closing;
    return metered ? firstStop(budgetConditions(budget), loopState(loop, tree, calls.values())) : undefined;
  };
  const runOne = async (group: PreparedGroup, index: number): Promise<GroupResult> => {
    loop.signal.throwIfAborted();
    const key = keyOf(group, index);
    const needsCall = group.prompt !== null && !calls.has(key);
    const stop = needsCall ? whyNoCall(group, index) : undefined;
    if (stop) return { kind: 'skipped', stop };
    const result = await runCandidate({ loop, group, target, replies }, index);
    if (result.kind === 'candidate' && result.candidate.call) calls.set(key, result.candidate.call);
    return result;
  };
  return Promise.all(
    groups.map((group) => Promise.all(indicesOf(group.step).map((index) => limit(runOne, group, index)))),
  );
}

const keyOf = ({ iteration }: PlannedGroup, index: number): string => `${iteration}/${index}`;

/** Iterations have no gaps: a reply that was paid for is kept only where each group before it has one. */
function needsFirstReply({ iteration }: PlannedGroup, index: number, calls: ReadonlyMap<string, ModelCall>): boolean {
  const recorded = [...calls.values()].map((call) => call.iteration);
  return index === 0 && !recorded.includes(iteration) && recorded.some((other) => other > iteration);
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
