/**
 * The two passes of Pillow's bicubic resampling on bytes, and what the encoder and the reward read of every pixel: AssemblyScript,
 * built by scripts/build-kernels.ts to kernels.wasm. The callers lay out the memory; up to 64 bytes past a region are read or written.
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
  // Two rows at a time, which have the weights in common; the last of an odd number is computed twice.
  for (let y = 0; y < rows; y += 2) {
    const single = y + 1 == rows;
    const sourceOffset: usize = single ? 0 : sourceStride;
    const targetOffset: usize = single ? 0 : targetStride;
    let weight = weights;
    let to = target;
    let first: u8 = 0;
    for (let x = 0; x < columns; x++) {
      let from = source + <usize>(load<i32>(starts + ((<usize>x) << 2)) - base) * pixelBytes;
      let upperLow = zero;
      let upperHigh = zero;
      let lowerLow = zero;
      let lowerHigh = zero;
      for (let quad = 0; quad < quads; quad++) {
        const upper = v128.load(from);
        const lower = v128.load(from + sourceOffset);
        const low0 = v128.load32_splat(weight);
        const low1 = v128.load32_splat(weight, 4);
        const high0 = v128.load32_splat(weight, 8);
        const high1 = v128.load32_splat(weight, 12);
        const upper0 = i8x16.swizzle(upper, firstTwo);
        const upper1 = i8x16.swizzle(upper, lastTwo);
        const lower0 = i8x16.swizzle(lower, firstTwo);
        const lower1 = i8x16.swizzle(lower, lastTwo);
        upperLow = i32x4.add(upperLow, i32x4.add(i32x4.dot_i16x8_s(upper0, low0), i32x4.dot_i16x8_s(upper1, low1)));
        upperHigh = i32x4.add(upperHigh, i32x4.add(i32x4.dot_i16x8_s(upper0, high0), i32x4.dot_i16x8_s(upper1, high1)));
        lowerLow = i32x4.add(lowerLow, i32x4.add(i32x4.dot_i16x8_s(lower0, low0), i32x4.dot_i16x8_s(lower1, low1)));
        lowerHigh = i32x4.add(lowerHigh, i32x4.add(i32x4.dot_i16x8_s(lower0, high0), i32x4.dot_i16x8_s(lower1, high1)));
        from += pixelBytes << 2;
        weight += 16;
      }
      const words = i16x8.narrow_i32x4_s(rounded(upperLow, upperHigh), rounded(lowerLow, lowerHigh));
      const bytes = i8x16.narrow_i16x8_u(words, words);
      v128.store_lane<u32>(to, bytes, 0);
      v128.store_lane<u32>(to + targetOffset, bytes, 1);
      if (x == 0) first = load<u8>(target + targetOffset);
      to += pixelBytes;
    }
    // The upper row's last pixel of 3 bytes wrote a fourth.
    store<u8>(target + targetOffset, first);
    source += sourceStride << 1;
    target += targetStride << 1;
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

/** RGB pixels as three planes of float32, by a table of 3 x 256 values. */
export function planes(source: usize, area: i32, table: usize, target: usize): void {
  const plane: usize = (<usize>area) << 2;
  for (let pixel = 0; pixel < area; pixel++) {
    store<f32>(target, load<f32>(table + ((<usize>load<u8>(source)) << 2)));
    store<f32>(target + plane, load<f32>(table + ((<usize>load<u8>(source, 1)) << 2), 1024));
    store<f32>(target + plane + plane, load<f32>(table + ((<usize>load<u8>(source, 2)) << 2), 2048));
    source += 3;
    target += 4;
  }
}

/** The brightness of RGB pixels: (299 R + 587 G + 114 B) / 1000 to the nearest. */
export function luma(source: usize, count: i32, target: usize): void {
  for (let pixel = 0; pixel < count; pixel += 4) {
    const pixels = v128.load(source);
    store4Bytes(target, thousandth(i32x4.add(weighted(redGreen(pixels), blue(pixels)), i32x4.splat(500)), 3));
    source += 12;
    target += 4;
  }
}

/** The mean brightness of squares of 2 x 2 RGB pixels that lie in two rows, to the nearest. */
export function lumaOfSquares(upper: usize, lower: usize, count: i32, target: usize): void {
  for (let square = 0; square < count; square += 4) {
    const left = weightedRows(upper, lower);
    const right = weightedRows(upper + 12, lower + 12);
    const even = i8x16.shuffle(left, right, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    const odd = i8x16.shuffle(left, right, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    store4Bytes(target, thousandth(i32x4.add(i32x4.add(even, odd), i32x4.splat(2000)), 5));
    upper += 24;
    lower += 24;
    target += 4;
  }
}

/** Of 4 pixels above 4 others, the sums of both. */
function weightedRows(upper: usize, lower: usize): v128 {
  const above = v128.load(upper);
  const below = v128.load(lower);
  return weighted(i16x8.add(redGreen(above), redGreen(below)), i16x8.add(blue(above), blue(below)));
}

/** R and G of 4 pixels as 16-bit numbers. */
function redGreen(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
}

function blue(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
}

function weighted(redGreen: v128, blue: v128): v128 {
  const weights = i16x8(299, 587, 299, 587, 299, 587, 299, 587);
  return i32x4.add(i32x4.dot_i16x8_s(redGreen, weights), i32x4.dot_i16x8_s(blue, i16x8.splat(114)));
}

/** Sums of up to 256,000 x 2^(shift - 3), divided by 125 x 2^shift and rounded down: exact, since 134,218 / 2^24 is 1 / 125 closely enough. */
function thousandth(sums: v128, shift: i32): v128 {
  return i32x4.shr_u(i32x4.mul(i32x4.shr_u(sums, shift), i32x4.splat(134218)), 24);
}

function store4Bytes(target: usize, values: v128): void {
  const words = i16x8.narrow_i32x4_s(values, values);
  v128.store_lane<u32>(target, i8x16.narrow_i16x8_u(words, words), 0);
}

/**
 * Of blocks of 4 x 4 bytes side by side in a and b, whose rows lie `stride` apart: the sums of a, of b, of the squares of both and of
 * a times b, 4 blocks at a time.
 */
export function blockSums(a: usize, b: usize, stride: usize, blocks: i32, target: usize): void {
  for (let block = 0; block < blocks; block += 4) {
    let sumsA = i32x4.splat(0);
    let sumsB = sumsA;
    let squares = sumsA;
    let products = sumsA;
    let offset: usize = 0;
    for (let row = 0; row < 4; row++) {
      const left = v128.load(a + offset);
      const right = v128.load(b + offset);
      const lowA = i16x8.extend_low_i8x16_u(left);
      const highA = i16x8.extend_high_i8x16_u(left);
      const lowB = i16x8.extend_low_i8x16_u(right);
      const highB = i16x8.extend_high_i8x16_u(right);
      sumsA = i32x4.add(sumsA, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(left)));
      sumsB = i32x4.add(sumsB, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(right)));
      products = i32x4.add(products, pairs(i32x4.dot_i16x8_s(lowA, lowB), i32x4.dot_i16x8_s(highA, highB)));
      squares = i32x4.add(
        squares,
        pairs(
          i32x4.add(i32x4.dot_i16x8_s(lowA, lowA), i32x4.dot_i16x8_s(lowB, lowB)),
          i32x4.add(i32x4.dot_i16x8_s(highA, highA), i32x4.dot_i16x8_s(highB, highB)),
        ),
      );
      offset += stride;
    }
    storeBlocks(target, sumsA, sumsB, squares, products);
    a += 16;
    b += 16;
    target += 64;
  }
}

/** The sums of neighbors: of 8 numbers in two vectors, 4. */
function pairs(low: v128, high: v128): v128 {
  return i32x4.add(
    i8x16.shuffle(low, high, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27),
    i8x16.shuffle(low, high, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31),
  );
}

/** The four sums of each block side by side. */
function storeBlocks(target: usize, first: v128, second: v128, third: v128, fourth: v128): void {
  const low0 = i8x16.shuffle(first, second, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high0 = i8x16.shuffle(first, second, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const low1 = i8x16.shuffle(third, fourth, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const high1 = i8x16.shuffle(third, fourth, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  store4(
    target,
    i8x16.shuffle(low0, low1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(low0, low1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
    i8x16.shuffle(high0, high1, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(high0, high1, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
}

/** The sum of each column of bytes over rows without gaps, as 32-bit numbers, for up to 2^24 rows. */
export function columnSums(source: usize, rowBytes: usize, rows: i32, target: usize): void {
  for (let x: usize = 0; x < rowBytes; x += 16) {
    let from = source + x;
    let sums0 = i32x4.splat(0);
    let sums1 = sums0;
    let sums2 = sums0;
    let sums3 = sums0;
    for (let y = 0; y < rows; y++) {
      const bytes = v128.load(from);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      sums0 = i32x4.add(sums0, i32x4.extend_low_i16x8_u(low));
      sums1 = i32x4.add(sums1, i32x4.extend_high_i16x8_u(low));
      sums2 = i32x4.add(sums2, i32x4.extend_low_i16x8_u(high));
      sums3 = i32x4.add(sums3, i32x4.extend_high_i16x8_u(high));
      from += rowBytes;
    }
    store4(target + (x << 2), sums0, sums1, sums2, sums3);
  }
}

/** As `columnSums`, of |a - b|. */
export function columnDifferences(a: usize, b: usize, rowBytes: usize, rows: i32, target: usize): void {
  const offset = b - a;
  for (let x: usize = 0; x < rowBytes; x += 16) {
    let from = a + x;
    let sums0 = i32x4.splat(0);
    let sums1 = sums0;
    let sums2 = sums0;
    let sums3 = sums0;
    for (let y = 0; y < rows; y++) {
      const left = v128.load(from);
      const right = v128.load(from + offset);
      const bytes = v128.or(i8x16.sub_sat_u(left, right), i8x16.sub_sat_u(right, left));
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      sums0 = i32x4.add(sums0, i32x4.extend_low_i16x8_u(low));
      sums1 = i32x4.add(sums1, i32x4.extend_high_i16x8_u(low));
      sums2 = i32x4.add(sums2, i32x4.extend_low_i16x8_u(high));
      sums3 = i32x4.add(sums3, i32x4.extend_high_i16x8_u(high));
      from += rowBytes;
    }
    store4(target + (x << 2), sums0, sums1, sums2, sums3);
  }
}

/**
 * Adds pixels to the counts of their colors, of which the upper 6 bits a channel are kept, and appends colors whose count was 0 to
 * the list of those found. The new length of that list.
 */
export function countColors(source: usize, count: i32, counts: usize, found: usize, foundCount: i32): i32 {
  let pixel = 0;
  while (pixel < count) {
    const start = pixel;
    const bits = load<u32>(source) & 0xfcfcfc;
    do {
      pixel++;
      source += 3;
    } while (pixel < count && (load<u32>(source) & 0xfcfcfc) == bits);
    const color = ((bits & 0xff) << 10) | ((bits & 0xff00) >> 4) | (bits >> 18);
    const at = counts + ((<usize>color) << 2);
    const before = load<u32>(at);
    if (before == 0) {
      store<u32>(found + ((<usize>foundCount) << 2), color);
      foundCount++;
    }
    store<u32>(at, before + <u32>(pixel - start));
  }
  return foundCount;
}

function store4(target: usize, first: v128, second: v128, third: v128, fourth: v128): void {
  v128.store(target, first);
  v128.store(target, second, 16);
  v128.store(target, third, 32);
  v128.store(target, fourth, 48);
}

/** The sum as a whole number, not yet held within a byte. */
function rounded(low: v128, high: v128): v128 {
  const sum = i32x4.add(i32x4.add(low, i32x4.shl(high, 15)), i32x4.splat(halfOfUnit));
  return i32x4.shr_s(sum, 22);
}
