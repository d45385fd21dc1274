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
    case 'no_gain':
    case 'not_best':
      return `scored ${candidate.reward.terms.overall.toFixed(3)}, which is no gain`;
    case 'accepted':
      return `scored ${candidate.reward.terms.overall.toFixed(3)}, and was kept beside this code`;
  }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
