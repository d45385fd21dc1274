import type { Variation } from './tracing/detail.ts';

/** Candidates of one prompt state differ by their seed; without a seed nothing varies. */
export function variationOf(seed: number | undefined): Variation {
  if (seed === undefined) return { scale: 1, colors: 1 };
  const random = generator(seed);
  return { scale: 0.85 + 0.4 * random(), colors: 0.75 + 0.75 * random() };
}

/** Numbers in 0..1 from a seed (Mulberry32). */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
