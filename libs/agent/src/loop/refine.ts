import type { EventData, Iteration, ModelCall, ModelFailure, NewEvent, Patch } from '@pentimento/contracts';
import { ended, failed, stoppedFromOutside } from './result.ts';
import type { Ports } from '../ports.ts';
import { runCandidate, runProvidedCandidate, type CandidateResult, type PromptedGroup } from './group.ts';
import { selectPatches } from '../patches/select.ts';
import { buildPrompt } from '../prompts/prompt.ts';
import type { RefinementExit, RefineInput } from './input.ts';
import { budgetConditions, firstStop, stopConditions, type LoopState, type Stop } from './stop.ts';
import { nextStep, trajectoryOf, triedInVain, type NextStep, type Trajectory } from '../search/tree.ts';
import { judge } from '../search/verdict.ts';

/**
 * The loop: draft, align, repair, score, select patches, prompt, edit or rewrite, accept, until a stop condition holds.
 * It continues after the last stored iteration; within the next one, stored candidates and recorded calls are taken over.
 * Rejects only on outages (a port that rejects for another reason than the signal).
 */
export async function refine(input: RefineInput): Promise<RefinementExit> {
  const { job, ports, signal } = input;
  const startedAt = ports.clock.now();
  const timeLeft = job.budget.maxSeconds === undefined ? undefined : job.budget.maxSeconds - job.spent.seconds;
  const timeout = timeLeft === undefined ? undefined : ports.clock.timeout(Math.max(0, Math.ceil(timeLeft * 1000)));
  const over = new AbortController();
  const loop: Loop = {
    ...input,
    signal: AbortSignal.any([signal, over.signal, ...(timeout ? [timeout] : [])]),
    seconds: () => job.spent.seconds + (ports.clock.now() - startedAt) / 1000,
  };
  let trajectory = trajectoryOf(input.from);
  try {
    for (;;) {
      const stop = firstStop(stopConditions(job.policy, job.budget), stateOf(loop, trajectory));
      if (stop) return ended(stop, trajectory);
      const turn = await runIteration(loop, trajectory);
      if (turn.kind === 'lost') return { kind: 'lost' };
      if (turn.kind === 'failed') return failed(turn.failures, trajectory);
      if (turn.kind === 'stopped') return ended(turn.stop, trajectory);
      trajectory = trajectoryOf([...trajectory.iterations, turn.iteration]);
    }
  } catch (error) {
    if (!loop.signal.aborted) throw error;
    return stoppedFromOutside(signal, trajectory, job.budget.maxSeconds);
  } finally {
    // An outage of one candidate leaves its siblings' calls open.
    over.abort();
  }
}

interface Loop extends RefineInput {
  /** Seconds of work on the job so far, over all workers. */
  seconds: () => number;
}

type Turn =
  | { kind: 'iteration'; iteration: Iteration }
  | { kind: 'failed'; failures: ModelFailure[] }
  | { kind: 'stopped'; stop: Stop }
  | { kind: 'lost' };

async function runIteration(loop: Loop, trajectory: Trajectory): Promise<Turn> {
  const { job, ports } = loop;
  const step = nextStep(trajectory, { hasInitialCode: job.initialCode !== null, policy: job.policy });
  const patches = patchesOf(loop, trajectory);
  const index = trajectory.iterations.length;
  const startedAt = new Date(ports.clock.now()).toISOString();
  const size = step.kind === 'provided' ? 1 : job.policy.candidates;
  const started: NewEvent = {
    type: 'iteration.started',
    data: { iteration: index, kind: step.kind, candidates: size },
  };
  if ((await ports.trajectory.emit(started)) === 'lost') return { kind: 'lost' };

  const results = await runGroup(loop, trajectory, step, patches);
  if (results.some((result) => result.kind === 'lost')) return { kind: 'lost' };
  const candidates = results.flatMap((result) => (result.kind === 'candidate' ? [result.candidate] : []));
  if (candidates.length === 0) {
    const failures = results.flatMap((result) => (result.kind === 'failure' ? [result.failure] : []));
    if (failures.length > 0) return { kind: 'failed', failures };
    return { kind: 'stopped', stop: firstStop(budgetConditions(job.budget), stateOf(loop, trajectory))! };
  }
  const judgement = judge(candidates, { best: trajectory.best, patches, policy: job.policy, size: job.target });
  const best = judgement.accepted ?? trajectory.best;
  const iteration: Iteration = {
    jobId: job.id,
    index,
    kind: step.kind,
    parent: trajectory.best?.id ?? null,
    patches,
    candidates,
    verdicts: judgement.verdicts,
    accepted: judgement.accepted?.id ?? null,
    improvedRegions: judgement.improvedRegions,
    regressedRegions: judgement.regressedRegions,
    best: best && { candidate: best.id, iteration: best.iteration, overall: best.reward.terms.overall },
    startedAt,
    finishedAt: new Date(ports.clock.now()).toISOString(),
  };
  const event = finishedEvent(loop, iteration, trajectory);
  const written = await ports.trajectory.appendIteration(iteration, event);
  return written === 'lost' ? { kind: 'lost' } : { kind: 'iteration', iteration };
}

async function runGroup(
  loop: Loop,
  trajectory: Trajectory,
  step: NextStep,
  patches: Patch[],
): Promise<CandidateResult[]> {
  const { job, ports, signal, trusted } = loop;
  const parent = 'best' in step ? step.best : null;
  const target = await ports.blobs.get(job.target.image);
  const shared = {
    job,
    trusted,
    ports,
    signal,
    kind: step.kind,
    parent,
    target,
    iteration: trajectory.iterations.length,
  };
  if (step.kind === 'provided') {
    const code = await readText(ports, job.initialCode!);
    return [await runProvidedCandidate(shared, code)];
  }
  const code = await codeToMend(ports, step);
  const prompt = await buildPrompt(
    {
      step,
      target: job.target,
      language: job.language,
      userInstructions: job.instructions,
      trajectory,
      patches,
      targetImage: target,
      code,
    },
    ports,
  );
  const promptBlob = await ports.blobs.put(new TextEncoder().encode(JSON.stringify(prompt)), 'application/json');
  return runCandidates({ ...shared, prompt, promptBlob, current: parent && code }, loop, trajectory);
}

async function codeToMend(ports: Ports, step: NextStep): Promise<string | null> {
  const blob = 'best' in step ? step.best.code : 'failed' in step ? step.failed.code : null;
  return blob === null ? null : readText(ports, blob);
}

/**
 * The group's candidates side by side; one after the other where a budget of tokens or money must be checked before each
 * call. A call that the budget forbids is left out; one that is recorded is taken over, and counts from the start.
 */
async function runCandidates(group: PromptedGroup, loop: Loop, trajectory: Trajectory): Promise<CandidateResult[]> {
  const { policy, budget } = loop.job;
  const indices = Array.from({ length: policy.candidates }, (_, index) => index);
  if (budget.maxTokens === undefined && budget.maxCost === undefined) {
    return Promise.all(indices.map((index) => runCandidate(group, index)));
  }
  const { findCall } = loop.ports.trajectory;
  const calls = await Promise.all(indices.map((index) => findCall(group.iteration, index)));
  const results: CandidateResult[] = [];
  for (const index of indices) {
    if (!calls[index] && firstStop(budgetConditions(budget), stateOf(loop, trajectory, calls))) continue;
    const result = await runCandidate(group, index);
    results.push(result);
    if (result.kind === 'candidate') calls[index] = result.candidate.call;
  }
  return results;
}

function patchesOf({ job }: Loop, trajectory: Trajectory): Patch[] {
  const map = trajectory.best?.reward.map;
  if (!map) return [];
  return selectPatches({
    map,
    size: { width: job.target.width, height: job.target.height },
    count: job.policy.patches,
    before: trajectory.beforeBest?.reward.map ?? null,
    tried: triedInVain(trajectory),
  });
}

/** `unfinished`: the recorded calls of the iteration in progress. */
function stateOf(loop: Loop, trajectory: Trajectory, unfinished: readonly (ModelCall | null)[] = []): LoopState {
  const candidates = trajectory.iterations.flatMap((iteration) => iteration.candidates);
  const calls = [...candidates.map((candidate) => candidate.call), ...unfinished];
  const usages = calls.flatMap((call) => (call ? [call.usage] : []));
  return {
    trajectory,
    tokens: usages.reduce((sum, usage) => sum + (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0), 0),
    cost: usages.reduce((sum, usage) => sum + (usage.cost ?? 0), 0),
    seconds: loop.seconds(),
  };
}

function finishedEvent(loop: Loop, iteration: Iteration, before: Trajectory): NewEvent {
  const after = trajectoryOf([...before.iterations, iteration]);
  const worst = patchesOf(loop, after)[0];
  const rendered = iteration.candidates.filter((candidate) => candidate.render?.status === 'ok');
  const scores = rendered.map((candidate) => candidate.reward.terms.overall);
  const best = after.best?.reward.terms.overall ?? null;
  const bestBefore = before.best?.reward.terms.overall ?? null;
  const data: EventData<'iteration.finished'> = {
    iteration: iteration.index,
    kind: iteration.kind,
    verdicts: iteration.verdicts,
    accepted: iteration.accepted,
    score: scores.length > 0 ? Math.max(...scores) : null,
    best,
    change: best === null || bestBefore === null ? null : best - bestBefore,
    worstPatch: worst ? { ...worst.box, score: worst.score } : null,
    ms: {
      model: sum(iteration.candidates.map((candidate) => candidate.call?.ms)),
      render: sum(iteration.candidates.map((candidate) => candidate.render?.ms)),
      reward: sum(iteration.candidates.map((candidate) => candidate.reward.ms)),
    },
  };
  return { type: 'iteration.finished', data };
}

function sum(times: readonly (number | undefined)[]): number | null {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? known.reduce((total, time) => total + time, 0) : null;
}

async function readText(ports: Ports, blob: string): Promise<string> {
  return new TextDecoder().decode(await ports.blobs.get(blob));
}
