import {
  reachesThreshold,
  requiredScores,
  termWords,
  type Budget,
  type Candidate,
  type Iteration,
  type Job,
  type ModelCall,
  type Policy,
  type RequiredScore,
  type StopReason,
  type Verdict,
} from '@pentimento/contracts';
import { countedIterations, roundsWithoutGain, treeOf, type SearchTree } from '../search/tree.ts';
import type { Loop } from './input.ts';
import { searchedTree } from './steering.ts';

export interface LoopState {
  tree: SearchTree;
  /** The tree as the search sees it: from where a person wants it to go on. */
  searched: SearchTree;
  /** The iteration from which the job went on last. */
  since: number;
  /** Of all recorded calls, also those of a round in progress. */
  tokens: number;
  cost: number;
  seconds: number;
}

export interface Stop {
  reason: StopReason;
  /** The reason in one sentence with its figures. */
  detail: string;
}

/** A named predicate over the trajectory: a stop, or undefined to continue. */
export type StopCondition = (state: LoopState) => Stop | undefined;

export const scoreAtLeast =
  (policy: Policy): StopCondition =>
  ({ tree: { best } }) =>
    best && reachesThreshold(best, policy) ? { reason: 'threshold', detail: thresholdDetail(best, policy) } : undefined;

/** The threshold first, then the minimums. All terms are known, since they are reached. */
function thresholdDetail({ reward: { terms } }: Candidate, policy: Policy): string {
  const [first, ...others] = requiredScores(policy);
  const isOverall = first!.term === 'overall';
  const name = isOverall ? 'best score' : `${termWords(first!.term)} score of the best candidate`;
  const figures = ({ term, minimum }: RequiredScore, what: string): string =>
    `${terms[term]!.toFixed(3)} is at or above the ${what} ${minimum.toFixed(3)}`;
  const further = others.map((other) => `, its ${termWords(other.term)} score ${figures(other, 'minimum')}`);
  return `The ${name} ${figures(first!, 'threshold')}${further.join('')}.`;
}

const iterationsReached =
  (limit: number): StopCondition =>
  ({ tree }) =>
    countedIterations(tree) < limit
      ? undefined
      : { reason: 'max_iterations', detail: `All ${limit} iterations were used.` };

const noGainFor =
  (patience: number): StopCondition =>
  ({ searched, since }) =>
    searched.best === null || roundsWithoutGain(searched, since) < patience
      ? undefined
      : { reason: 'plateau', detail: `${patience} iterations in a row gained nothing.` };

/** Nothing could be accepted, and the policy's repair prompts are used up. */
const repairsSpent =
  (repairs: number): StopCondition =>
  ({ tree: { best, iterations }, since }) => {
    const recent = iterations.slice(since);
    return best !== null || recent.length === 0 || recent.filter(({ kind }) => kind === 'repair').length < repairs
      ? undefined
      : { reason: 'error', detail: `${failureWords(recent)} after ${repairs} repair prompts.` };
  };

/** What renders and is never accepted holds a bitmap or shows nothing. */
const failureWords = (iterations: readonly Iteration[]): string => {
  const refused = (verdict: Verdict) => iterations.some(({ verdicts }) => verdicts.includes(verdict));
  if (refused('embedded_bitmap')) return 'Nothing rendered but embedded bitmaps';
  return refused('blank') ? 'Nothing was drawn' : 'Nothing rendered';
};

const tokensSpent =
  (limit: number): StopCondition =>
  ({ tokens }) =>
    tokens < limit ? undefined : { reason: 'budget', detail: `${tokens} of ${limit} tokens are spent.` };

const costSpent =
  (limit: number): StopCondition =>
  ({ cost }) =>
    cost < limit
      ? undefined
      : { reason: 'budget', detail: `${cost.toFixed(4)} of ${limit.toFixed(4)} US dollars are spent.` };

const secondsSpent =
  (limit: number): StopCondition =>
  ({ seconds }) =>
    seconds < limit ? undefined : { reason: 'timeout', detail: `The ${limit} seconds of the job are over.` };

/** The budget's conditions: checked before each model call. */
export function budgetConditions({ maxTokens, maxCost, maxSeconds }: Budget): StopCondition[] {
  return [
    ...(maxTokens === undefined ? [] : [tokensSpent(maxTokens)]),
    ...(maxCost === undefined ? [] : [costSpent(maxCost)]),
    ...(maxSeconds === undefined ? [] : [secondsSpent(maxSeconds)]),
  ];
}

/** All conditions, checked before each round. Where several hold, the first is named. */
export function stopConditions(policy: Policy, budget: Budget): StopCondition[] {
  return [
    scoreAtLeast(policy),
    iterationsReached(policy.maxIterations),
    noGainFor(policy.patience),
    repairsSpent(policy.repairs),
    ...budgetConditions(budget),
  ];
}

export function firstStop(conditions: readonly StopCondition[], state: LoopState): Stop | undefined {
  for (const condition of conditions) {
    const stop = condition(state);
    if (stop) return stop;
  }
  return undefined;
}

/** Why a job with these settings would end at once if it went on: patience and repairs count from there. */
export function stopBeforeContinuing(
  { policy, budget, spent }: Pick<Job, 'policy' | 'budget' | 'spent'>,
  iterations: readonly Iteration[],
): Stop | undefined {
  const tree = treeOf(iterations);
  const { inputTokens, outputTokens, cost, seconds } = spent;
  const state = { tree, searched: tree, since: iterations.length, tokens: inputTokens + outputTokens, cost, seconds };
  return firstStop(stopConditions(policy, budget), state);
}

/** `unfinished`: the recorded calls of the round in progress. */
export function loopState(loop: Loop, tree: SearchTree, unfinished: Iterable<ModelCall> = []): LoopState {
  const finished = tree.iterations.flatMap(({ candidates }) => candidates.flatMap(({ call }) => call ?? []));
  const usages = [...finished, ...unfinished].map(({ usage }) => usage);
  return {
    tree,
    searched: searchedTree(loop, tree),
    since: loop.steering.since,
    tokens: usages.reduce((sum, usage) => sum + (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0), 0),
    cost: usages.reduce((sum, usage) => sum + (usage.cost ?? 0), 0),
    seconds: loop.seconds(),
  };
}
