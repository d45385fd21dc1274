/** The cubic of torch's `interpolate(mode='bicubic')`. */
const a = -0.75;

/**
 * Stretches a `from` x `from` grid of vectors of `dim` numbers, row-major, to `to` x `to`, as torch's
 * `interpolate(mode='bicubic', align_corners=False)` without antialiasing does: borders are repeated.
 */
export function interpolatePositions(grid: Float32Array, from: number, to: number, dim: number): Float32Array {
  const taps = tapsAlong(from, to);
  const stretched = new Float64Array(to * to * dim);
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      const target = (row * to + column) * dim;
      for (const vertical of taps[row]!) {
        for (const across of taps[column]!) {
          const weight = vertical.weight * across.weight;
          const source = (vertical.index * from + across.index) * dim;
          for (let k = 0; k < dim; k++) stretched[target + k]! += weight * grid[source + k]!;
        }
      }
    }
  }
  return Float32Array.from(stretched);
}

/** The four source positions of each target position, and their weights. */
function tapsAlong(from: number, to: number): { index: number; weight: number }[][] {
  return Array.from({ length: to }, (_, position) => {
    const center = ((position + 0.5) * from) / to - 0.5;
    const left = Math.floor(center);
    return [-1, 0, 1, 2].map((step) => ({
      index: Math.min(from - 1, Math.max(0, left + step)),
      weight: cubic(Math.abs(center - left - step)),
    }));
  });
}

function cubic(x: number): number {
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}
