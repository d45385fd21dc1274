import { dirname } from 'node:path';
import { OnnxGraph, type Value } from '../onnx/graph.ts';
import type { Dinov2Config } from './config.ts';
import { interpolatePositions } from './positions.ts';
import { readFloats, readSafetensors } from './safetensors.ts';
import {
  classToken,
  Dinov2Weights,
  finalNorm,
  layerName,
  patchProjection,
  positionEmbeddings,
  type Precision,
  scaleOf,
} from './weights.ts';

/** Changes with every change of the graph that can change a number: a part of an encoder's id. */
export const graphVersion = 'g1';

export const dinov2Names = { input: 'pixel_values', vector: 'cls', cells: 'patches' } as const;

const opset = 17;

/** An ONNX graph in memory whose large tensors stay in a separate file. */
export interface Dinov2Graph {
  model: Uint8Array;
  /** The folder of that file, with all links resolved. */
  folder: string;
}

/**
 * The graph of a DINOv2 network over a weights file (transformers' `Dinov2Model`): the matrices stay in the file, and only the
 * position embeddings, stretched to the input's size, are the graph's own.
 *
 * Input `pixel_values` float32 [1, 3, side, side]. Output `cls` [1, dim]: row 0 of the last block's output **before** the final
 * LayerNorm. Output `patches` [1, tokens, dim]: the patch tokens of the block before the last (of the patch embedding, where there
 * is one block) after the final LayerNorm, as DINOv2's own dense features of earlier blocks are made. So the last block needs
 * queries, output and MLP for one row only, which is exact for `cls` and saves 4 to 7 % of the work.
 *
 * `side` is a multiple of the patch size. Throws `EncoderError` where the file does not fit the config.
 */
export async function buildDinov2Graph(
  path: string,
  config: Dinov2Config,
  side: number,
  precision: Precision = 'float32',
): Promise<Dinov2Graph> {
  const weights = new Dinov2Weights(await readSafetensors(path), config, precision);
  const positions = await readFloats(weights.file, weights.tensor(positionEmbeddings));
  const writer = new Dinov2Writer(weights, config, side);
  return { model: writer.write(positions), folder: dirname(weights.file.path) };
}

/** All values between blocks are [tokens, dim]: the class token's row, then the patches row by row. */
class Dinov2Writer {
  readonly #graph = new OnnxGraph('dinov2');
  readonly #weights: Dinov2Weights;
  readonly #config: Dinov2Config;
  readonly #side: number;

  constructor(weights: Dinov2Weights, config: Dinov2Config, side: number) {
    this.#weights = weights;
    this.#config = config;
    this.#side = side;
  }

  write(positions: Float32Array): Uint8Array {
    const { hidden_size: dim, num_hidden_layers: layers } = this.#config;
    let state = this.#embed(positions);
    for (let index = 0; index < layers - 1; index++) state = this.#block(state, layerName(index), state);
    const cells = this.#patches(state);
    const vector = this.#block(state, layerName(layers - 1), this.#firstRow(state));
    this.#graph.output(dinov2Names.vector, vector, [1, dim]);
    this.#graph.output(dinov2Names.cells, cells, [1, this.#gridSide ** 2, dim]);
    return this.#graph.toBytes(opset);
  }

  get #gridSide(): number {
    return this.#side / this.#config.patch_size;
  }

  #embed(positions: Float32Array): Value {
    const graph = this.#graph;
    const { hidden_size: dim, patch_size: patch } = this.#config;
    const pixels = graph.input(dinov2Names.input, [1, 3, this.#side, this.#side]);
    const kernel = [this.#tensor(`${patchProjection}.weight`), this.#tensor(`${patchProjection}.bias`)];
    const window = { kernel_shape: [patch, patch], strides: [patch, patch] };
    const map = graph.node('Conv', [pixels, ...kernel], window);
    const count = this.#gridSide ** 2;
    const patches = graph.node('Transpose', [this.#reshape(map, dim, count)], { perm: [1, 0] });
    const stored = Math.sqrt(positions.length / dim - 1);
    const grid = interpolatePositions(positions.subarray(dim), stored, this.#gridSide, dim);
    const placed = graph.node('Add', [patches, graph.constant(grid, [count, dim])]);
    const token = this.#tensor(classToken, [1, dim]);
    const first = graph.node('Add', [token, graph.constant(positions.subarray(0, dim), [1, dim])]);
    return graph.node('Concat', [first, placed], { axis: 0 });
  }

  /** One block, for the rows of `state` in `rows`: all of them, or the first. */
  #block(state: Value, layer: string, rows: Value): Value {
    const attended = this.#attend(state, layer, rows);
    const middle = this.#graph.node('Add', [this.#scaled(attended, `${layer}.layer_scale1.lambda1`), rows]);
    const inner = this.#linear(this.#normalize(middle, `${layer}.norm2`), `${layer}.mlp.fc1`);
    const outer = this.#linear(this.#gelu(inner), `${layer}.mlp.fc2`);
    return this.#graph.node('Add', [this.#scaled(outer, `${layer}.layer_scale2.lambda1`), middle]);
  }

  #attend(state: Value, layer: string, rows: Value): Value {
    const { hidden_size: dim, num_attention_heads: num_heads } = this.#config;
    const all = this.#normalize(state, `${layer}.norm1`);
    const querying = rows === state ? all : this.#firstRow(all);
    const project = (input: Value, name: string) =>
      this.#reshape(this.#linear(input, `${layer}.attention.attention.${name}`), 1, -1, dim);
    const parts = [project(querying, 'query'), project(all, 'key'), project(all, 'value')];
    const mixed = this.#graph.runtimeNode('MultiHeadAttention', parts, { num_heads });
    return this.#linear(this.#reshape(mixed, -1, dim), `${layer}.attention.output.dense`);
  }

  /** Exact, with the error function; the runtime fuses these nodes into one. */
  #gelu(value: Value): Value {
    const graph = this.#graph;
    const erf = graph.node('Erf', [graph.node('Div', [value, graph.constant(Math.SQRT2)])]);
    const gate = graph.node('Add', [erf, graph.constant(1)]);
    return graph.node('Mul', [graph.node('Mul', [value, gate]), graph.constant(0.5)]);
  }

  /** Weights are [out, in] in the file, and quantized ones [in, out]. */
  #linear(rows: Value, name: string): Value {
    const weight = this.#tensor(`${name}.weight`);
    const bias = this.#tensor(`${name}.bias`);
    if (this.#weights.precision === 'float32') return this.#graph.node('Gemm', [rows, weight, bias], { transB: 1 });
    const scale = this.#tensor(scaleOf(`${name}.weight`));
    const [, columns] = this.#weights.tensor(`${name}.weight`).shape;
    const zero = this.#graph.bytes(new Int8Array(columns!), [columns!]);
    return this.#graph.runtimeNode('DynamicQuantizeMatMul', [rows, weight, scale, zero, bias]);
  }

  #scaled(value: Value, name: string): Value {
    return this.#graph.node('Mul', [value, this.#tensor(name)]);
  }

  #normalize(value: Value, name: string): Value {
    const parts = [this.#tensor(`${name}.weight`), this.#tensor(`${name}.bias`)];
    const epsilon = { float: this.#config.layer_norm_eps };
    return this.#graph.node('LayerNormalization', [value, ...parts], { axis: -1, epsilon });
  }

  #patches(state: Value): Value {
    const { hidden_size: dim } = this.#config;
    const rows = this.#rows(state, 1, this.#gridSide ** 2 + 1);
    return this.#reshape(this.#normalize(rows, finalNorm), 1, -1, dim);
  }

  #firstRow(value: Value): Value {
    return this.#rows(value, 0, 1);
  }

  #rows(value: Value, from: number, to: number): Value {
    const [start, end, axis] = [[from], [to], [0]].map((numbers) => this.#graph.integers(numbers));
    return this.#graph.node('Slice', [value, start!, end!, axis!]);
  }

  #reshape(value: Value, ...shape: number[]): Value {
    return this.#graph.node('Reshape', [value, this.#graph.integers(shape)]);
  }

  #tensor(name: string, shape: readonly number[] = this.#weights.tensor(name).shape): Value {
    const type = this.#weights.tensor(name).dtype === 'I8' ? 'int8' : 'float32';
    return this.#graph.external(type, this.#weights.bytesOf(name), shape);
  }
}
