import { currentJudgments, type CandidateId } from '@pentimento/contracts';
import type { Trace } from '../trace.ts';

interface CandidateJudgments {
  /** `mixed` where its authors do not agree; null where nobody gave a verdict. */
  judgment: 'accept' | 'reject' | 'mixed' | null;
  /** The candidates that it was preferred over. */
  preferred_over: CandidateId[];
  notes: string[];
}

/** What the judgments that count say about a candidate. */
export function judgmentsOf({ judgments }: Pick<Trace, 'judgments'>, candidate: CandidateId): CandidateJudgments {
  const own = currentJudgments(judgments).filter((judgment) => judgment.candidate === candidate);
  const verdicts = [...new Set(own.flatMap(({ verdict }) => verdict ?? []))];
  return {
    judgment: verdicts.length > 1 ? 'mixed' : (verdicts[0] ?? null),
    preferred_over: own.flatMap(({ preferredOver }) => preferredOver ?? []),
    notes: own.flatMap(({ note }) => (note === '' ? [] : [note])),
  };
}
