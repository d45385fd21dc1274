import {
  isRetryable,
  requiredScores,
  termWords,
  type Box,
  type Candidate,
  type Iteration,
  type Job,
  type Patch,
  type Policy,
  type RenderFailureKind,
  type RequiredScore,
  type Size,
  type Verdict,
} from '@pentimento/contracts';
import { formatScore } from '../../ui/format.ts';
import { representative } from '../compare/model.ts';

export interface StageTimes {
  model: number;
  render: number;
  reward: number;
}

/** One iteration, as the filmstrip, the chart and the table show it. */
export interface Step {
  index: number;
  iteration: Iteration;
  /** The candidate that represents it. */
  candidate: Candidate;
  /** Best overall score among its rendered candidates. */
  score: number | null;
  /** Change against the best before it. */
  change: number | null;
  /** Best score of the job after it. */
  best: number | null;
  accepted: boolean;
  failure: RenderFailureKind | 'no code' | null;
  /** Its score in the secondary term. */
  secondary: number | null;
  times: StageTimes;
}

export function stepsOf(iterations: readonly Iteration[], term = 'worstTile'): Step[] {
  let before: number | null = null;
  return iterations.map((iteration) => {
    const candidate = representative(iteration);
    const score = candidate.render?.status === 'ok' ? candidate.reward.terms.overall : null;
    const step: Step = {
      index: iteration.index,
      iteration,
      candidate,
      score,
      change: score !== null && before !== null ? score - before : null,
      best: iteration.best?.overall ?? null,
      accepted: iteration.accepted.length > 0,
      failure: failureOf(candidate),
      secondary: score === null ? null : (candidate.reward.terms[term] ?? null),
      times: timesOf(iteration.candidates),
    };
    before = step.best;
    return step;
  });
}

function failureOf(candidate: Candidate): Step['failure'] {
  if (candidate.render === null) return 'no code';
  return candidate.render.status === 'failed' ? candidate.render.kind : null;
}

function timesOf(candidates: readonly Candidate[]): StageTimes {
  const sum = (of: (candidate: Candidate) => number | undefined) =>
    candidates.reduce((total, candidate) => total + (of(candidate) ?? 0), 0);
  return {
    model: sum((candidate) => candidate.call?.ms),
    render: sum((candidate) => candidate.render?.ms),
    reward: sum((candidate) => candidate.reward.ms),
  };
}

/**
 * The iteration to show: the chosen one, or the newest where that one does not exist yet. With none chosen, the newest of a job that
 * was live when the page opened, else the best.
 */
export function selectedStep(
  steps: readonly Step[],
  chosen: number | null,
  job: Pick<Job, 'best'>,
  live: boolean,
): Step | null {
  const wanted = chosen ?? (live ? null : (job.best?.iteration ?? null));
  return steps.find((step) => step.index === wanted) ?? steps.at(-1) ?? null;
}

/** The next step without a render, after `from` and then from the start; null where there is none. */
export function nextFailure(steps: readonly Step[], from: number): number | null {
  const failed = steps.filter((step) => step.failure !== null);
  return (failed.find((step) => step.index > from) ?? failed[0])?.index ?? null;
}

/** A region of the target with its score in one candidate. */
export interface ScoredRegion {
  box: Box;
  score: number;
  /** Its score before, where that is known. */
  before: number | null;
  lostShare: number | null;
}

export interface StepRegions {
  /** Lowest-scoring regions of this candidate, worst first. */
  worst: ScoredRegion[];
  /** Regions that the prompt asked to fix, before and after. */
  asked: ScoredRegion[];
  /** What got worse outside of that. */
  regressed: ScoredRegion[];
}

const worstShown = 4;
/** With this few tiles, the finer score map locates the worst regions better. */
const fewTiles = 12;

/**
 * The worst regions are the patches of the next prompt, where one was made from this candidate; else its lowest tiles, or the lowest
 * cells of its score map where the image has few tiles.
 */
export function regionsOf(iterations: readonly Iteration[], candidate: Candidate): StepRegions {
  const iteration = iterations[candidate.iteration];
  const next = iterations.find(
    (other) => other.index > candidate.iteration && other.parents[0] === candidate.id && other.patches.length > 0,
  );
  return {
    worst: next ? next.patches.map(regionOfPatch) : lowest(candidate),
    asked: (iteration?.patches ?? []).map((patch) => {
      const after = iteration?.improvedRegions.find((change) => sameBox(change.box, patch.box))?.after;
      return {
        box: patch.box,
        score: after ?? patch.score,
        before: after === undefined ? null : patch.score,
        lostShare: patch.lostShare,
      };
    }),
    regressed: (iteration?.regressedRegions ?? []).map(({ box, before, after }) => ({
      box,
      score: after,
      before,
      lostShare: null,
    })),
  };
}

function regionOfPatch(patch: Patch): ScoredRegion {
  const before = patch.change === null ? null : Math.min(1, Math.max(0, patch.score - patch.change));
  return { box: patch.box, score: patch.score, before, lostShare: patch.lostShare };
}

function lowest({ reward }: Candidate): ScoredRegion[] {
  const tiles = reward.tiles.filter((tile) => tile.level === 'tile');
  const boxes: { box: Box; score: number }[] = tiles.length > fewTiles ? tiles : cellsOf(reward);
  return [...boxes]
    .sort((a, b) => a.score - b.score)
    .slice(0, worstShown)
    .map(({ box, score }) => ({ box, score, before: null, lostShare: null }));
}

/** Cells of the score map in blocks of about 4 x 4, so that a region is large enough to see. */
function cellsOf({ map, tiles }: Candidate['reward']): { box: Box; score: number }[] {
  if (!map) return tiles;
  const whole = {
    width: Math.max(...tiles.map(({ box }) => box.x + box.width)),
    height: Math.max(...tiles.map(({ box }) => box.y + box.height)),
  };
  const across = Math.min(map.columns, Math.max(2, Math.floor(map.columns / 4)));
  const down = Math.min(map.rows, Math.max(2, Math.floor(map.rows / 4)));
  const blocks: { box: Box; score: number }[] = [];
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      const x = Math.floor((column / across) * whole.width);
      const y = Math.floor((row / down) * whole.height);
      const box = {
        x,
        y,
        width: Math.max(1, Math.floor(((column + 1) / across) * whole.width) - x),
        height: Math.max(1, Math.floor(((row + 1) / down) * whole.height) - y),
      };
      blocks.push({ box, score: meanOf(map, column / across, (column + 1) / across, row / down, (row + 1) / down) });
    }
  }
  return blocks;
}

function meanOf(
  map: NonNullable<Candidate['reward']['map']>,
  left: number,
  right: number,
  top: number,
  bottom: number,
): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.floor(top * map.rows); row < Math.ceil(bottom * map.rows); row++) {
    for (let column = Math.floor(left * map.columns); column < Math.ceil(right * map.columns); column++) {
      sum += map.scores[row * map.columns + column]!;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

const minCropSide = 96;

/** The crop to show around a region, in the same pixels: a few pixels alone would show nothing. */
export function cropAround(box: Box, { width, height }: Size): Box {
  const [x, across] = widened(box.x, box.width, width);
  const [y, down] = widened(box.y, box.height, height);
  return { x, y, width: across, height: down };
}

/** Start and length of an interval that is widened around its middle, between 0 and the limit. */
function widened(start: number, length: number, limit: number): [start: number, length: number] {
  const wanted = Math.min(limit, Math.max(length, minCropSide));
  const middle = Math.round(start + (length - wanted) / 2);
  return [Math.min(Math.max(0, middle), limit - wanted), wanted];
}

export function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

const verdictWords: Record<Verdict, string> = {
  accepted: 'accepted',
  no_gain: 'no gain',
  not_best: 'not the best of its group',
  no_render: 'did not render',
  no_code: 'no usable code',
  duplicate: 'same pixels as another',
  blank: 'drew nothing',
  embedded_bitmap: 'an embedded bitmap, not drawn',
  text_lost: 'lost text that was right',
  tile_lost: 'made its worst tile worse',
  lock_broken: 'made a locked region worse',
};

export const verdictWord = (verdict: Verdict): string => verdictWords[verdict];

/** Where the candidates are that a candidate's prompt started from, in order; without those that are not known. */
export function parentsOf(
  steps: readonly Step[],
  { parents }: Pick<Candidate, 'parents'>,
): Pick<Candidate, 'iteration' | 'index'>[] {
  const known = new Map(steps.flatMap(({ iteration }) => iteration.candidates).map((item) => [item.id, item]));
  return parents.flatMap((id) => known.get(id) ?? []);
}

/** The verdict on a candidate; null while its iteration is in progress. */
export function verdictOf(iterations: readonly Iteration[], candidate: Candidate): Verdict | null {
  const iteration = iterations[candidate.iteration];
  const at = iteration?.candidates.findIndex((other) => other.id === candidate.id) ?? -1;
  return iteration?.verdicts[at] ?? null;
}

export const against = ['parent', 'previous', 'best'] as const;
export type Against = (typeof against)[number];

/** The candidate whose code a diff starts from. */
export function baseOf(
  steps: readonly Step[],
  candidate: Candidate,
  choice: Against,
  best: string | null,
): Candidate | null {
  const all = steps.flatMap((step) => step.iteration.candidates);
  switch (choice) {
    case 'parent':
      return all.find((other) => other.id === candidate.parents[0]) ?? null;
    case 'previous':
      return steps.find((step) => step.index === candidate.iteration - 1)?.candidate ?? null;
    case 'best':
      return all.find((other) => other.id === best) ?? null;
  }
}

type Threshold = Pick<Policy, 'threshold' | 'profile' | 'minimums'>;

/** The scores that must be reached, without that of the overall score. */
const furtherScores = (policy: Threshold): RequiredScore[] =>
  requiredScores(policy).filter(({ term }) => term !== 'overall');

/** The secondary term of the chart: the first that must be reached beside the overall score, or else the worst tile. */
export const secondaryTerm = (policy: Threshold): string => furtherScores(policy)[0]?.term ?? 'worstTile';

/** A score that a candidate has where one must be reached. */
export interface ReadScore extends RequiredScore {
  score: number;
}

/** What a candidate scores in the terms that the threshold reads, without the overall score and what is unknown. */
export function readScores(policy: Threshold, { reward }: Pick<Candidate, 'reward'>): ReadScore[] {
  return furtherScores(policy).flatMap((required) => {
    const score = reward.terms[required.term] ?? null;
    return score === null ? [] : [{ ...required, score }];
  });
}

/** The same of a job's best candidate; empty where it is not among the steps. */
export function readOfBest(job: Pick<Job, 'best' | 'policy'>, steps: readonly Step[]): ReadScore[] {
  const { candidates = [] } = steps.find((step) => step.index === job.best?.iteration)?.iteration ?? {};
  const best = candidates.find((candidate) => candidate.id === job.best?.candidate);
  return best ? readScores(job.policy, best) : [];
}

/**
 * How a job ended: what happened, what was kept, what to do. Null while it has not ended. `read`: what the best candidate scores in
 * the terms that the threshold reads beside the overall score.
 */
export function jobResult(
  job: Job,
  read: readonly ReadScore[] = [],
): { title: string; detail: string; advice: string | null } | null {
  if (job.stopReason === null && job.error === null) return null;
  const scoreRead =
    read.length === 0 || job.outcome === 'threshold_met'
      ? ''
      : `: its ${read.map(({ term, score, minimum }) => `${termWords(term)} score is ${formatScore(score, minimum)}`).join(', its ')}`;
  const kept = job.best
    ? `The best code, of iteration ${job.best.iteration}, is kept${scoreRead}.`
    : 'Nothing rendered; every reply and its error are kept.';
  const detail = [job.error?.message ?? job.stopDetail ?? '', job.error ? '' : kept].filter(Boolean).join(' ');
  const advice = isRetryable(job) ? 'Retry continues after the last finished iteration.' : null;
  switch (job.status) {
    case 'failed':
      return { title: 'Failed', detail, advice };
    case 'canceled':
      return { title: 'Canceled', detail, advice };
    default:
      return { title: titles[job.outcome ?? 'best_effort'], detail, advice: null };
  }
}

const titles: Record<NonNullable<Job['outcome']>, string> = {
  threshold_met: 'Threshold met',
  best_effort: 'Ended below the threshold',
  nothing_rendered: 'Nothing rendered',
};
