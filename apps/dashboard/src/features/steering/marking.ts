import type { Box } from '@pentimento/contracts';

/** The region that is marked in the viewer. */
export interface Marking {
  box: Box | null;
  /** Whether a drag on the images marks a region. */
  active: boolean;
  onBox: (box: Box | null) => void;
  onActive: (active: boolean) => void;
}
