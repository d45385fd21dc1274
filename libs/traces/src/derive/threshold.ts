import type { Candidate, Policy } from '@pentimento/contracts';

/** Whether the job was content with a candidate: it rendered, and the term that the threshold reads reaches it. */
export function reachesThreshold({ render, reward }: Candidate, { profile, threshold }: Policy): boolean {
  return render?.status === 'ok' && (reward.terms[profile] ?? 0) >= threshold;
}
