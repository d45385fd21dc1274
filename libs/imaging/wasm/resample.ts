/**
 * The two passes of Pillow's bicubic resampling on bytes and the sum of absolute differences, 16 at a time: AssemblyScript, built
 * by scripts/build-resampler.ts to resample.wasm. src/resize/bicubic.ts and the reward's shift-tolerant term lay out the memory.
 *
 * A weight w of 22 fractional bits is stored as two 16-bit halves, w = high * 2^15 + low with 0 <= low < 2^15, so that
 * `dot_i16x8_s` multiplies and adds two taps at once. Intermediate sums wrap modulo 2^32, the final one is exact. Taps come in
 * whole groups; the padding taps have weight 0 and read arbitrary bytes of the memory.
 */

const halfOfUnit: i32 = 1 << 21;

/**
 * Pixels of 3 or 4 bytes across. Each is stored as 4 bytes; the next overwrites the fourth where pixels have 3. Two taps of a
 * channel lie side by side after a swizzle, which makes 0 of the indices that are out of range.
 */
export function across(
  source: usize,
  sourceStride: usize,
  rows: i32,
  pixelBytes: usize,
  base: i32,
  starts: usize,
  weights: usize,
  quads: i32,
  columns: i32,
  target: usize,
  targetStride: usize,
): void {
  const zero = i32x4.splat(0);
  const firstTwo =
    pixelBytes == 3
      ? i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1)
      : i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1);
  const lastTwo =
    pixelBytes == 3
      ? i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1)
      : i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1);
  for (let y = 0; y < rows; y++) {
    let weight = weights;
    let to = target;
    for (let x = 0; x < columns; x++) {
      let from = source + <usize>(load<i32>(starts + ((<usize>x) << 2)) - base) * pixelBytes;
      let low = zero;
      let high = zero;
      for (let quad = 0; quad < quads; quad++) {
        const pixels = v128.load(from);
        const first = i8x16.swizzle(pixels, firstTwo);
        const last = i8x16.swizzle(pixels, lastTwo);
        low = i32x4.add(low, i32x4.dot_i16x8_s(first, v128.load32_splat(weight)));
        low = i32x4.add(low, i32x4.dot_i16x8_s(last, v128.load32_splat(weight, 4)));
        high = i32x4.add(high, i32x4.dot_i16x8_s(first, v128.load32_splat(weight, 8)));
        high = i32x4.add(high, i32x4.dot_i16x8_s(last, v128.load32_splat(weight, 12)));
        from += pixelBytes << 2;
        weight += 16;
      }
      const sum = rounded(low, high);
      const words = i16x8.narrow_i32x4_s(sum, sum);
      v128.store_lane<u32>(to, i8x16.narrow_i16x8_u(words, words), 0);
      to += pixelBytes;
    }
    source += sourceStride;
    target += targetStride;
  }
}

/** Rows of bytes down; up to 15 bytes past a row are written, which the next row overwrites. */
export function down(
  source: usize,
  stride: usize,
  base: i32,
  starts: usize,
  weights: usize,
  pairs: i32,
  rowBytes: usize,
  rows: i32,
  target: usize,
): void {
  const zero = i32x4.splat(0);
  for (let y = 0; y < rows; y++) {
    const top = source + <usize>(load<i32>(starts + ((<usize>y) << 2)) - base) * stride;
    for (let x: usize = 0; x < rowBytes; x += 16) {
      let from = top + x;
      let weight = weights;
      let low0 = zero;
      let low1 = zero;
      let low2 = zero;
      let low3 = zero;
      let high0 = zero;
      let high1 = zero;
      let high2 = zero;
      let high3 = zero;
      for (let pair = 0; pair < pairs; pair++) {
        const upper = v128.load(from);
        const lower = v128.load(from + stride);
        const near = i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const far = i8x16.shuffle(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const low = v128.load32_splat(weight);
        const high = v128.load32_splat(weight, 4);
        const taps0 = i16x8.extend_low_i8x16_u(near);
        const taps1 = i16x8.extend_high_i8x16_u(near);
        const taps2 = i16x8.extend_low_i8x16_u(far);
        const taps3 = i16x8.extend_high_i8x16_u(far);
        low0 = i32x4.add(low0, i32x4.dot_i16x8_s(taps0, low));
        low1 = i32x4.add(low1, i32x4.dot_i16x8_s(taps1, low));
        low2 = i32x4.add(low2, i32x4.dot_i16x8_s(taps2, low));
        low3 = i32x4.add(low3, i32x4.dot_i16x8_s(taps3, low));
        high0 = i32x4.add(high0, i32x4.dot_i16x8_s(taps0, high));
        high1 = i32x4.add(high1, i32x4.dot_i16x8_s(taps1, high));
        high2 = i32x4.add(high2, i32x4.dot_i16x8_s(taps2, high));
        high3 = i32x4.add(high3, i32x4.dot_i16x8_s(taps3, high));
        from += stride << 1;
        weight += 8;
      }
      const left = i16x8.narrow_i32x4_s(rounded(low0, high0), rounded(low1, high1));
      const right = i16x8.narrow_i32x4_s(rounded(low2, high2), rounded(low3, high3));
      v128.store(target + x, i8x16.narrow_i16x8_u(left, right));
    }
    weights += (<usize>pairs) << 3;
    target += rowBytes;
  }
}

/** The sum of |a - b| over rows of bytes that both lie `stride` apart; under 2^32 for up to 2^24 bytes. */
export function difference(a: usize, b: usize, stride: usize, rowBytes: usize, rows: i32): u32 {
  let sums = i32x4.splat(0);
  let rest: u32 = 0;
  for (let y = 0; y < rows; y++) {
    let x: usize = 0;
    for (; x + 16 <= rowBytes; x += 16) {
      const left = v128.load(a + x);
      const right = v128.load(b + x);
      const apart = v128.or(i8x16.sub_sat_u(left, right), i8x16.sub_sat_u(right, left));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(apart)));
    }
    for (; x < rowBytes; x++) {
      const left: i32 = load<u8>(a + x);
      const right: i32 = load<u8>(b + x);
      rest += left > right ? left - right : right - left;
    }
    a += stride;
    b += stride;
  }
  return (
    rest +
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

/** The sum as a whole number, not yet held within a byte. */
function rounded(low: v128, high: v128): v128 {
  const sum = i32x4.add(i32x4.add(low, i32x4.shl(high, 15)), i32x4.splat(halfOfUnit));
  return i32x4.shr_s(sum, 22);
}
