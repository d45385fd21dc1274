import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxGraph, type Value } from '../onnx/graph.ts';

/** DINOv2's shape in small: patches of 14 px, a CLS token, two blocks with LayerScale, and no final LayerNorm. */
const dim = 32;
const heads = 4;
const blocks = 2;
const patch = 14;
const side = 448;
const grid = side / patch;
const tokens = grid * grid + 1;

type Weights = (count: number, scale: number) => Float32Array;

/** Writes a folder with a random-weight vision transformer and its manifest; returns the folder. */
export async function writeTinyVit(folder: string, changes: Record<string, unknown> = {}): Promise<string> {
  const model = buildTinyVit(randomWeights(7));
  const manifest = {
    id: 'tiny-vit',
    file: 'model.onnx',
    sha256: createHash('sha256').update(model).digest('hex'),
    license: 'Apache-2.0',
    source: 'Random weights for tests.',
    inputSize: side,
    inputLayout: 'nchw',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    round: 'bf16',
    inputName: 'pixel_values',
    outputName: 'last_hidden_state',
    pooling: 'cls',
    ...changes,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), model);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

function buildTinyVit(weights: Weights): Uint8Array {
  const graph = new OnnxGraph('tiny-vit');
  let state = embedPatches(graph, graph.input('pixel_values', [1, 3, side, side]), weights);
  for (let block = 0; block < blocks; block++) {
    state = graph.node('Add', [state, attend(graph, normalize(graph, state), weights)]);
    state = graph.node('Add', [state, feedForward(graph, normalize(graph, state), weights)]);
  }
  graph.output('last_hidden_state', state, [1, tokens, dim]);
  return graph.toBytes(17);
}

function embedPatches(graph: OnnxGraph, pixels: Value, weights: Weights): Value {
  const kernel = graph.constant(weights(dim * 3 * patch * patch, 0.02), [dim, 3, patch, patch]);
  const patches = graph.node('Conv', [pixels, kernel], { kernel_shape: [patch, patch], strides: [patch, patch] });
  const flat = graph.node('Reshape', [patches, graph.integers([1, dim, grid * grid])]);
  const rows = graph.node('Transpose', [flat], { perm: [0, 2, 1] });
  const all = graph.node('Concat', [graph.constant(weights(dim, 0.5), [1, 1, dim]), rows], { axis: 1 });
  return graph.node('Add', [all, graph.constant(weights(tokens * dim, 0.2), [1, tokens, dim])]);
}

function attend(graph: OnnxGraph, state: Value, weights: Weights): Value {
  const split = (perm: number[]) => {
    const parts = graph.node('Reshape', [
      linear(graph, state, dim, dim, weights),
      shape(1, tokens, heads, dim / heads),
    ]);
    return graph.node('Transpose', [parts], { perm });
  };
  const shape = (...sizes: number[]) => graph.integers(sizes);
  const [query, key, value] = [split([0, 2, 1, 3]), split([0, 2, 3, 1]), split([0, 2, 1, 3])];
  const scale = graph.constant(1 / Math.sqrt(dim / heads));
  const scores = graph.node('Mul', [graph.node('MatMul', [query, key]), scale]);
  const mixed = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), value]);
  const joined = graph.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
  return linear(graph, graph.node('Reshape', [joined, shape(1, tokens, dim)]), dim, dim, weights);
}

function feedForward(graph: OnnxGraph, state: Value, weights: Weights): Value {
  const inner = linear(graph, state, dim, 4 * dim, weights);
  const erf = graph.node('Erf', [graph.node('Div', [inner, graph.constant(Math.SQRT2)])]);
  const gate = graph.node('Mul', [graph.node('Add', [erf, graph.constant(1)]), graph.constant(0.5)]);
  return linear(graph, graph.node('Mul', [inner, gate]), 4 * dim, dim, weights);
}

function linear(graph: OnnxGraph, state: Value, from: number, to: number, weights: Weights): Value {
  const product = graph.node('MatMul', [state, graph.constant(weights(from * to, 0.15), [from, to])]);
  return graph.node('Add', [product, graph.constant(weights(to, 0.05), [to])]);
}

function normalize(graph: OnnxGraph, state: Value): Value {
  const scale = graph.constant(new Float32Array(dim).fill(1), [dim]);
  const offset = graph.constant(new Float32Array(dim), [dim]);
  return graph.node('LayerNormalization', [state, scale, offset], { axis: -1, epsilon: { float: 1e-6 } });
}

/** Numbers in -scale..scale from a linear congruential generator. */
function randomWeights(seed: number): Weights {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return (count, scale) => Float32Array.from({ length: count }, () => next() * scale);
}
