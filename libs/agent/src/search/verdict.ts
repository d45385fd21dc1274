import type { Candidate, Patch, PatchChange, Policy, ScoreMap, Size, Verdict } from '@pentimento/contracts';
import { regressedRegions, scoreIn } from '../patches/select.ts';

/** A region outside the prompted patches that lost more than this has regressed. */
const regressionTolerance = 0.05;
const maxRegressed = 3;

export interface Judgement {
  verdicts: Verdict[];
  accepted: Candidate | null;
  improvedRegions: PatchChange[];
  regressedRegions: PatchChange[];
}

/** Accepts at most one candidate of a group: the highest-scoring one, if it gains at least `minGain` on the best so far. */
export function judge(
  candidates: readonly Candidate[],
  options: { best: Candidate | null; patches: readonly Patch[]; policy: Policy; size: Size },
): Judgement {
  const { best, patches, policy, size } = options;
  const distinct = candidates.filter(
    (candidate, index) => isRendered(candidate) && !isDuplicate(candidate, index, candidates, best),
  );
  const top = distinct.toSorted((a, b) => overall(b) - overall(a))[0] ?? null;
  const gains = (candidate: Candidate) => best === null || overall(candidate) - overall(best) >= policy.minGain;
  const accepted = top && gains(top) ? top : null;
  const verdicts = candidates.map((candidate): Verdict => {
    if (candidate.code === null) return 'no_code';
    if (!isRendered(candidate)) return 'no_render';
    if (!distinct.includes(candidate)) return 'duplicate';
    if (candidate === accepted) return 'accepted';
    return accepted && gains(candidate) ? 'not_best' : 'no_gain';
  });
  return { verdicts, accepted, ...regionChanges(best?.reward.map ?? null, top?.reward.map ?? null, patches, size) };
}

function regionChanges(before: ScoreMap | null, after: ScoreMap | null, patches: readonly Patch[], size: Size) {
  if (!before || !after) return { improvedRegions: [], regressedRegions: [] };
  const change = (box: Patch['box']) => ({ box, before: scoreIn(before, box, size), after: scoreIn(after, box, size) });
  const boxes = patches.map((patch) => patch.box);
  const regressed = regressedRegions(before, after, {
    size,
    except: boxes,
    tolerance: regressionTolerance,
    count: maxRegressed,
  });
  return { improvedRegions: boxes.map(change), regressedRegions: regressed.map(change) };
}

/** Equal PNG bytes: renderers are deterministic, so the same pixels have the same blob id. */
function isDuplicate(
  candidate: Candidate,
  index: number,
  group: readonly Candidate[],
  best: Candidate | null,
): boolean {
  const earlier = best ? [best, ...group.slice(0, index)] : group.slice(0, index);
  return earlier.some((other) => imageOf(other) === imageOf(candidate));
}

function isRendered(candidate: Candidate): boolean {
  return imageOf(candidate) !== null;
}

function imageOf({ render }: Candidate): string | null {
  return render?.status === 'ok' ? render.image : null;
}

function overall(candidate: Candidate): number {
  return candidate.reward.terms.overall;
}
