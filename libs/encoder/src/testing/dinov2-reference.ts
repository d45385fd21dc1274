import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * DINOv2 by its equations, in float64 and block by block in full: the oracle for the graph, and written apart from it. Takes
 * normalized planes [3, side, side]; gives every token [class, patches...] after the last block, and after the one before it.
 */
export function runDinov2(folder: string, planes: Float32Array, side: number) {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as Record<string, number>;
  const tensor = openWeights(join(folder, 'model.safetensors'));
  const dim = config.hidden_size!;
  const heads = config.num_attention_heads!;
  let tokens = embed(planes, side, dim, tensor);
  let before = tokens;
  for (let index = 0; index < config.num_hidden_layers!; index++) {
    before = tokens;
    const name = `encoder.layer.${index}`;
    const part = (input: Float64Array, key: string) => linear(input, dim, tensor, `${name}.attention.attention.${key}`);
    const normal = layerNorm(tokens, dim, tensor, `${name}.norm1`);
    const mixed = attention(part(normal, 'query'), part(normal, 'key'), part(normal, 'value'), dim, heads);
    const attended = linear(mixed, dim, tensor, `${name}.attention.output.dense`);
    const middle = addScaled(tokens, attended, tensor(`${name}.layer_scale1.lambda1`));
    const wide = linear(layerNorm(middle, dim, tensor, `${name}.norm2`), dim, tensor, `${name}.mlp.fc1`).map(gelu);
    const narrow = linear(wide, 4 * dim, tensor, `${name}.mlp.fc2`);
    tokens = addScaled(middle, narrow, tensor(`${name}.layer_scale2.lambda1`));
  }
  const dense = layerNorm(before, dim, tensor, 'layernorm').subarray(dim);
  return { cls: tokens.slice(0, dim), patches: dense };
}

type Tensors = (name: string) => Float32Array;

function openWeights(path: string): Tensors {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, { data_offsets: [number, number] }>;
  return (name) => {
    const [from, to] = header[name]!.data_offsets;
    const aligned = Uint8Array.prototype.slice.call(bytes, start + from, start + to);
    return new Float32Array(aligned.buffer);
  };
}

function embed(planes: Float32Array, side: number, dim: number, tensor: Tensors): Float64Array {
  const cells = side / 14;
  const windows = new Float64Array(cells * cells * 588);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const window = Math.floor(y / 14) * cells + Math.floor(x / 14);
        windows[window * 588 + channel * 196 + (y % 14) * 14 + (x % 14)] = planes[(channel * side + y) * side + x]!;
      }
    }
  }
  const patches = linear(windows, 588, tensor, 'embeddings.patch_embeddings.projection');
  const positions = tensor('embeddings.position_embeddings');
  const token = tensor('embeddings.cls_token');
  const tokens = new Float64Array((cells * cells + 1) * dim);
  for (let k = 0; k < dim; k++) tokens[k] = token[k]! + positions[k]!;
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const cell = row * cells + column;
      for (let k = 0; k < dim; k++) {
        tokens[(cell + 1) * dim + k] = patches[cell * dim + k]! + positionAt(positions, row, column, cells, dim, k);
      }
    }
  }
  return tokens;
}

/** Keys' cubic convolution with a = -0.75 over the stored 37 x 37 grid, at the center of a cell. */
function positionAt(positions: Float32Array, row: number, column: number, cells: number, dim: number, k: number) {
  const kernel = (t: number) =>
    t < 1 ? 1.25 * t ** 3 - 2.25 * t ** 2 + 1 : t < 2 ? -0.75 * (t ** 3 - 5 * t ** 2 + 8 * t - 4) : 0;
  const y = ((row + 0.5) / cells) * 37 - 0.5;
  const x = ((column + 0.5) / cells) * 37 - 0.5;
  const inside = (axis: number) => Math.max(0, Math.min(36, axis));
  let sum = 0;
  for (let v = Math.floor(y) - 1; v <= Math.floor(y) + 2; v++) {
    for (let u = Math.floor(x) - 1; u <= Math.floor(x) + 2; u++) {
      const stored = positions[(1 + inside(v) * 37 + inside(u)) * dim + k]!;
      sum += kernel(Math.abs(y - v)) * kernel(Math.abs(x - u)) * stored;
    }
  }
  return sum;
}

/** input [rows, from] times weight [to, from] transposed, plus bias. Four outputs at a time, to be done within seconds. */
function linear(input: Float64Array, from: number, tensor: Tensors, name: string): Float64Array {
  const weight = Float64Array.from(tensor(`${name}.weight`));
  const bias = tensor(`${name}.bias`);
  const to = bias.length;
  const rows = input.length / from;
  const output = new Float64Array(rows * to);
  for (let o = 0; o < to; o += 4) {
    const [w0, w1, w2, w3] = [o * from, (o + 1) * from, (o + 2) * from, (o + 3) * from];
    for (let row = 0; row < rows; row++) {
      const start = row * from;
      let [s0, s1, s2, s3] = [bias[o]!, bias[o + 1]!, bias[o + 2]!, bias[o + 3]!];
      for (let k = 0; k < from; k++) {
        const value = input[start + k]!;
        s0 += value * weight[w0 + k]!;
        s1 += value * weight[w1 + k]!;
        s2 += value * weight[w2 + k]!;
        s3 += value * weight[w3 + k]!;
      }
      output[row * to + o] = s0;
      output[row * to + o + 1] = s1;
      output[row * to + o + 2] = s2;
      output[row * to + o + 3] = s3;
    }
  }
  return output;
}

function attention(q: Float64Array, k: Float64Array, v: Float64Array, dim: number, heads: number): Float64Array {
  const rows = q.length / dim;
  const size = dim / heads;
  const output = new Float64Array(q.length);
  const logits = new Float64Array(rows);
  for (let head = 0; head < heads; head++) {
    for (let asking = 0; asking < rows; asking++) {
      const from = asking * dim + head * size;
      for (let row = 0; row < rows; row++) {
        let dot = 0;
        for (let i = 0, at = row * dim + head * size; i < size; i++) dot += q[from + i]! * k[at + i]!;
        logits[row] = dot / Math.sqrt(size);
      }
      const peak = logits.reduce((peakSoFar, logit) => Math.max(peakSoFar, logit), -Infinity);
      let total = 0;
      for (let row = 0; row < rows; row++) total += logits[row] = Math.exp(logits[row]! - peak);
      for (let row = 0; row < rows; row++) {
        const share = logits[row]! / total;
        for (let i = 0, at = row * dim + head * size; i < size; i++) output[from + i]! += share * v[at + i]!;
      }
    }
  }
  return output;
}

function layerNorm(input: Float64Array, dim: number, tensor: Tensors, name: string): Float64Array {
  const gain = tensor(`${name}.weight`);
  const shift = tensor(`${name}.bias`);
  const output = new Float64Array(input.length);
  for (let start = 0; start < input.length; start += dim) {
    const row = input.subarray(start, start + dim);
    const mean = row.reduce((sum, value) => sum + value, 0) / dim;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / dim;
    for (let k = 0; k < dim; k++)
      output[start + k] = ((row[k]! - mean) / Math.sqrt(variance + 1e-6)) * gain[k]! + shift[k]!;
  }
  return output;
}

function addScaled(base: Float64Array, change: Float64Array, scale: Float32Array): Float64Array {
  return base.map((value, index) => value + change[index]! * scale[index % scale.length]!);
}

const gelu = (x: number): number => 0.5 * x * (1 + erf(x / Math.SQRT2));

/** The error function to float64's precision: its series near 0, and the continued fraction of its complement beyond. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * fraction));
}
