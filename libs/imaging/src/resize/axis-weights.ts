/** Fractional bits of a weight; with 8 bits of pixel and 2 of headroom they fill an int32. */
const precision = 22;
/** Reach of the cubic kernel in source pixels at scale 1. */
const reach = 2;

/** For each output pixel of one axis: the first source pixel, how many there are, and their fixed-point weights. */
export interface AxisWeights {
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
  /** Weights stored for an output pixel; the first `count` of them are used, the others are 0. */
  stride: number;
}

/** Catmull-Rom, a = -0.5. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}

/** Weights of Pillow's antialiased bicubic: the kernel widens with the downscale; weights are normalized, then rounded half away from zero. */
export function axisWeights(sourceLength: number, targetLength: number): AxisWeights {
  const scale = sourceLength / targetLength;
  const spread = Math.max(1, scale);
  const support = reach * spread;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(targetLength);
  const count = new Int32Array(targetLength);
  const weights = new Int32Array(targetLength * stride);
  const exact = new Float64Array(stride);
  for (let index = 0; index < targetLength; index++) {
    const center = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(sourceLength, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let tap = 0; tap < end - start; tap++) {
      exact[tap] = cubic((tap + start - center + 0.5) * (1 / spread));
      sum += exact[tap]!;
    }
    first[index] = start;
    count[index] = end - start;
    for (let tap = 0; tap < end - start; tap++) {
      const weight = (sum === 0 ? exact[tap]! : exact[tap]! / sum) * (1 << precision);
      weights[index * stride + tap] = Math.trunc(weight + (weight < 0 ? -0.5 : 0.5));
    }
  }
  return { first, count, weights, stride };
}
