import type { Box, Patch } from '@pentimento/contracts';

/** What was measured in a patch, in words. */
export const patchText = ({ score, lostShare }: Pick<Patch, 'score' | 'lostShare'>): string =>
  `scores ${score.toFixed(3)}, ${Math.round(lostShare * 100)} % of the lost score`;

/** A box as prompts write it. */
export const boxText = ({ x, y, width, height }: Box): string => `x=${x} y=${y} width=${width} height=${height}`;
