/** Numbers in 0..1 that depend on the two seeds only (Mulberry32). */
export function seededRandom(seed: number, round: number): () => number {
  let state = (seed ^ Math.imul(round + 1, 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
