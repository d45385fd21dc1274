import type { Candidate } from '@pentimento/contracts';
import { overallOf } from './steps.ts';

/** Whether a candidate scores at least `minGain` more than another one, if there is one. */
export const gainsOn = (candidate: Candidate, other: Candidate | null, minGain: number): boolean =>
  other === null || overallOf(candidate) - overallOf(other) >= minGain;
