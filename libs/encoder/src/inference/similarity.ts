/** Smallest product of two lengths that a cosine divides by (torch's `cosine_similarity`). */
const epsilon = 1e-8;

/**
 * Cosine of two runs of numbers of the same length, in -1..1.
 * `offset` and `length` name a part that lies at the same place in both; all of it where they are left out.
 */
function cosine(a: Float32Array, b: Float32Array, offset = 0, length = a.length): number {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} numbers have no cosine.`);
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = offset; index < offset + length; index++) {
    product += a[index]! * b[index]!;
    squareA += a[index]! * a[index]!;
    squareB += b[index]! * b[index]!;
  }
  return Math.min(1, Math.max(-1, product / Math.max(Math.sqrt(squareA * squareB), epsilon)));
}

/** A tile's score, 0..1: (cos + 1) / 2. */
export function tileSimilarity(a: Float32Array, b: Float32Array): number {
  return (cosine(a, b) + 1) / 2;
}
