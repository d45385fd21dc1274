import type { TokenRecord } from '@pentimento/contracts';
import type { Step } from './steps.ts';

/** The tokens of one conversation: one training sample. All lists but `steps` and `imagePlaceholders` have one entry a token. */
export interface Segment {
  /** Indexes of the steps whose completions it holds. */
  steps: number[];
  tokenIds: number[];
  /** 1 for sampled tokens. */
  lossMask: (0 | 1)[];
  /** 0 for tokens that were not sampled. */
  logprobs: number[];
  /** Of all images in it, with offsets in it; null where they are not known. */
  imagePlaceholders: TokenRecord['imagePlaceholders'];
}

/** The conversations of a trajectory whose tokens are known, in order. */
export function segmentsOf(steps: readonly Step[]): Segment[] {
  const segments: Segment[] = [];
  for (const [index, { call, branchBreak, promptTokenIds }] of steps.entries()) {
    if (!call.tokens || !promptTokenIds) continue;
    const { completionTokenIds, logprobs, imagePlaceholders } = call.tokens;
    const segment = segments.at(-1);
    const continued = !branchBreak && segment ? segment : newSegment();
    if (continued !== segment) segments.push(continued);
    append(
      continued,
      promptTokenIds,
      0,
      promptTokenIds.map(() => 0),
    );
    append(continued, completionTokenIds, 1, logprobs);
    continued.steps.push(index);
    continued.imagePlaceholders = imagePlaceholders;
  }
  return segments;
}

const newSegment = (): Segment => ({ steps: [], tokenIds: [], lossMask: [], logprobs: [], imagePlaceholders: null });

function append(segment: Segment, ids: readonly number[], mask: 0 | 1, logprobs: readonly number[]): void {
  for (const [index, id] of ids.entries()) {
    segment.tokenIds.push(id);
    segment.lossMask.push(mask);
    segment.logprobs.push(logprobs[index]!);
  }
}
