import sharp from 'sharp';

/** Luma in 0..255. */
interface GrayImage {
  width: number;
  height: number;
  values: Float32Array;
}

/** Usual constants of SSIM (Wang et al., 2004): Gaussian window of 11 taps with deviation 1.5, K1 = 0.01, K2 = 0.03. */
const window = gaussian(11, 1.5);
const viewingSide = 256;
const luminanceConstant = (0.01 * 255) ** 2;
const contrastConstant = (0.03 * 255) ** 2;
/** Exponents of the five scales of MS-SSIM (Wang et al., 2003). */
const scaleExponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

export interface Baselines {
  ssim: number;
  msSsim: number;
  /** 1 less the mean squared error of RGB over its greatest value. */
  mse: number;
}

/** What other measures say of a render that is stretched to its target, as the reward does. */
export async function baselinesOf(target: Uint8Array, render: Uint8Array): Promise<Baselines> {
  const { width, height } = await sharp(target).metadata();
  const rgb = (png: Uint8Array) => sharp(png).removeAlpha().resize(width, height, { fit: 'fill' }).raw().toBuffer();
  const [a, b] = await Promise.all([rgb(target), rgb(render)]);
  const [x, y] = [a, b].map((pixels) => atViewingScale(grayOf(pixels, width, height))) as [GrayImage, GrayImage];
  return { ssim: structure(x, y).ssim, msSsim: multiScale(x, y), mse: 1 - meanSquaredError(a, b) / 255 ** 2 };
}

function meanSquaredError(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index]! - b[index]!) ** 2;
  return sum / a.length;
}

/** SSIM is meant for a shorter side of about 256 px: averaged down by half where that is nearer. */
function atViewingScale(gray: GrayImage): GrayImage {
  return Math.min(gray.width, gray.height) >= viewingSide * 1.5 ? atViewingScale(halved(gray)) : gray;
}

function grayOf(rgb: Uint8Array, width: number, height: number): GrayImage {
  const values = new Float32Array(width * height);
  for (let pixel = 0; pixel < values.length; pixel++) {
    values[pixel] = 0.299 * rgb[pixel * 3]! + 0.587 * rgb[pixel * 3 + 1]! + 0.114 * rgb[pixel * 3 + 2]!;
  }
  return { width, height, values };
}

/** Mean SSIM, and mean of its contrast and structure part alone. */
function structure(a: GrayImage, b: GrayImage): { ssim: number; contrast: number } {
  const product = (x: GrayImage, y: GrayImage): GrayImage => {
    const values = new Float32Array(x.values.length);
    for (let index = 0; index < values.length; index++) values[index] = x.values[index]! * y.values[index]!;
    return { ...x, values };
  };
  const [meanA, meanB, squareA, squareB, both] = [a, b, product(a, a), product(b, b), product(a, b)].map(smooth);
  let [ssim, contrast] = [0, 0];
  const count = meanA!.values.length;
  for (let index = 0; index < count; index++) {
    const [x, y] = [meanA!.values[index]!, meanB!.values[index]!];
    const [varianceX, varianceY] = [squareA!.values[index]! - x * x, squareB!.values[index]! - y * y];
    const covariance = both!.values[index]! - x * y;
    const shape = (2 * covariance + contrastConstant) / (varianceX + varianceY + contrastConstant);
    contrast += shape;
    ssim += (shape * (2 * x * y + luminanceConstant)) / (x * x + y * y + luminanceConstant);
  }
  return { ssim: ssim / count, contrast: contrast / count };
}

function multiScale(a: GrayImage, b: GrayImage): number {
  let [x, y, product] = [a, b, 1];
  for (const [scale, exponent] of scaleExponents.entries()) {
    const { ssim, contrast } = structure(x, y);
    product *= Math.max(0, scale === scaleExponents.length - 1 ? ssim : contrast) ** exponent;
    [x, y] = [halved(x), halved(y)];
  }
  return product;
}

function halved({ width, height, values }: GrayImage): GrayImage {
  const [halfWidth, halfHeight] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const half = new Float32Array(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y++) {
    for (let x = 0; x < halfWidth; x++) {
      const top = 2 * y * width + 2 * x;
      half[y * halfWidth + x] = (values[top]! + values[top + 1]! + values[top + width]! + values[top + width + 1]!) / 4;
    }
  }
  return { width: halfWidth, height: halfHeight, values: half };
}

/** Edges are repeated outwards. */
function smooth({ width, height, values }: GrayImage): GrayImage {
  const across = new Float32Array(values.length);
  const down = new Float32Array(values.length);
  const reach = window.length >> 1;
  const row = new Float32Array(width + 2 * reach);
  for (let y = 0; y < height; y++) {
    row.fill(values[y * width]!, 0, reach);
    row.set(values.subarray(y * width, (y + 1) * width), reach);
    row.fill(values[(y + 1) * width - 1]!, reach + width);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < window.length; tap++) sum += window[tap]! * row[x + tap]!;
      across[y * width + x] = sum;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let tap = -reach; tap <= reach; tap++) {
      const line = Math.min(height - 1, Math.max(0, y + tap)) * width;
      for (let x = 0; x < width; x++) down[y * width + x]! += window[tap + reach]! * across[line + x]!;
    }
  }
  return { width, height, values: down };
}

function gaussian(taps: number, deviation: number): number[] {
  const middle = (taps - 1) / 2;
  const raw = Array.from({ length: taps }, (_, tap) => Math.exp(-((tap - middle) ** 2) / (2 * deviation ** 2)));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}
