import type { RewardRecord } from '@pentimento/contracts';

/** The values of terms by id. */
export type TermValues = Record<string, number | null>;

/** A render against its target: all that depends on the two images alone. */
export interface Comparison extends Pick<RewardRecord, 'tiles' | 'windows' | 'shift' | 'map' | 'empty'> {
  /** Whether there is a render; one so large that it counts as none is none. */
  rendered: boolean;
  /** Of the terms that need the images only. */
  values: TermValues;
}
