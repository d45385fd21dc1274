import type { Box, Candidate, Iteration, Verdict } from '@pentimento/contracts';

/** Maximum number of iterations that a prompt lists. */
const maxHistory = 6;

/** One line for each iteration, in order: what it tried and why it was rejected, or what it scored. */
export function triedLines(iterations: readonly Iteration[]): string[] {
  return iterations
    .slice(-maxHistory)
    .map((iteration) => `- Iteration ${iteration.index}: ${whatWasTried(iteration)}: ${resultOf(iteration)}`);
}

/** A box as prompts write it. */
export function boxText({ x, y, width, height }: Box): string {
  return `x=${x} y=${y} width=${width} height=${height}`;
}

function whatWasTried({ kind, patches }: Iteration): string {
  if (kind === 'edit') return 'an edit by hand';
  if (kind !== 'refine' || patches.length === 0) return kind;
  return `edits for ${patches.map((patch) => `(${boxText(patch.box)})`).join(', ')}`;
}

function resultOf(iteration: Iteration): string {
  const reasons = iteration.candidates.map((candidate, index) => reasonOf(candidate, iteration.verdicts[index]!));
  const regressed = iteration.regressedRegions.map(
    ({ box, before, after }) => `made (${boxText(box)}) worse, ${before.toFixed(3)} to ${after.toFixed(3)}`,
  );
  return [...new Set(reasons), ...regressed].join('; ');
}

function reasonOf(candidate: Candidate, verdict: Verdict): string {
  switch (verdict) {
    case 'no_code':
      return candidate.parseDetail;
    case 'no_render':
      return candidate.render?.status === 'failed'
        ? `${candidate.render.kind} error: ${firstLine(candidate.render.message)}`
        : 'did not render';
    case 'duplicate':
      return 'rendered the same image as before';
    case 'blank':
      return blankSentence;
    case 'embedded_bitmap':
      return bitmapSentence;
    default:
      return `scored ${scoreOf(candidate, 'overall')}, ${scoredReasons[verdict](candidate)}`;
  }
}

/** Why code that draws nothing is refused, though it renders. */
export const blankSentence = 'drew nothing, or one single color';

/** Why code that holds an image is refused. */
export const bitmapSentence =
  'held the image as pixels, which is never accepted: draw it with the shapes and text of the language';

/** What became of a candidate that rendered and scored. */
const scoredReasons: Record<ScoredVerdict, (candidate: Candidate) => string> = {
  no_gain: () => 'which is no gain',
  not_best: () => 'which is no gain',
  accepted: () => 'and was kept beside this code',
  text_lost: (candidate) => `but lost text that was right: the text score fell to ${scoreOf(candidate, 'text')}`,
  tile_lost: (candidate) => `but spoiled one part: the worst tile fell to ${scoreOf(candidate, 'worstTile')}`,
  lock_broken: () => 'but made a locked region worse, which must stay as it is',
};

type ScoredVerdict = Exclude<Verdict, 'no_code' | 'no_render' | 'duplicate' | 'blank' | 'embedded_bitmap'>;

const scoreOf = ({ reward }: Candidate, term: string): string => (reward.terms[term] ?? 0).toFixed(3);

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
