import { basename } from 'node:path';
import { EncoderError } from '../errors.ts';
import type { ExternalBytes } from '../onnx/graph.ts';
import type { Dinov2Config } from './config.ts';
import type { Safetensors, StoredTensor } from './safetensors.ts';

/** A model with a head has the network under the second prefix. */
const prefixes = ['', 'dinov2.'];

/** int8: the matrices of the blocks are quantized by column and stored [in, out] with a scale each; all else is float32. */
export type Precision = 'float32' | 'int8';

/** The tensors of a DINOv2 network by their names in the file, each checked to be there in the shape that the config gives. */
export class Dinov2Weights {
  readonly file: Safetensors;
  readonly precision: Precision;
  readonly #prefix: string;

  /** Throws `EncoderError` that names every tensor that is missing or different. */
  constructor(file: Safetensors, config: Dinov2Config, precision: Precision = 'float32') {
    this.file = file;
    this.precision = precision;
    this.#prefix = prefixes.find((prefix) => file.tensors.has(`${prefix}${classToken}`)) ?? '';
    const problems = expectedTensors(config, precision).flatMap((tensor) => this.#problemsOf(tensor));
    if (problems.length === 0) return;
    const shown = problems.slice(0, 3).join('; ') + (problems.length > 3 ? `; and ${problems.length - 3} more` : '');
    throw new EncoderError(
      `The weights ${file.path} do not fit their config.json (${shown}): take both files from the same float32 DINOv2 model.`,
    );
  }

  tensor(name: string): StoredTensor {
    return this.file.tensors.get(this.#prefix + name)!;
  }

  /** Where a graph that is loaded from the file's folder finds the tensor. */
  bytesOf(name: string): ExternalBytes {
    const { offset, length } = this.tensor(name);
    return { location: basename(this.file.path), offset, length };
  }

  #problemsOf({ name, shape, dtype }: ExpectedTensor): string[] {
    const found = this.file.tensors.get(this.#prefix + name);
    if (!found) return [`"${name}" is missing`];
    if (found.shape.join() !== shape.join()) {
      return [`"${name}" is [${found.shape.join(', ')}], not [${shape.join(', ')}]`];
    }
    if (found.dtype !== dtype) return [`"${name}" is ${found.dtype}, not ${dtype}`];
    const bytes = shape.reduce((product, side) => product * side, elementBytes[dtype]);
    return found.length === bytes ? [] : [`"${name}" has ${found.length} bytes, not ${bytes}`];
  }
}

interface ExpectedTensor {
  name: string;
  shape: number[];
  dtype: keyof typeof elementBytes;
}

const elementBytes = { F32: 4, I8: 1 };

export const classToken = 'embeddings.cls_token';
export const positionEmbeddings = 'embeddings.position_embeddings';
export const patchProjection = 'embeddings.patch_embeddings.projection';
export const finalNorm = 'layernorm';
export const layerName = (index: number): string => `encoder.layer.${index}`;

/** The scales of a quantized matrix, one for each of its columns. */
export const scaleOf = (matrix: string): string => `${matrix}_scale`;

/** The matrices that are quantized: those of the blocks' linear layers. */
export function blockMatrices({ num_hidden_layers, hidden_size: dim, mlp_ratio }: Dinov2Config) {
  const inner = Math.floor(dim * mlp_ratio);
  const ofBlock = [
    ...['query', 'key', 'value'].map((name) => ({ name: `attention.attention.${name}`, from: dim, to: dim })),
    { name: 'attention.output.dense', from: dim, to: dim },
    { name: 'mlp.fc1', from: dim, to: inner },
    { name: 'mlp.fc2', from: inner, to: dim },
  ];
  return Array.from({ length: num_hidden_layers }, (_, index) =>
    ofBlock.map(({ name, from, to }) => ({ name: `${layerName(index)}.${name}`, from, to })),
  ).flat();
}

function expectedTensors(config: Dinov2Config, precision: Precision): ExpectedTensor[] {
  const matrices = blockMatrices(config).flatMap(({ name, from, to }): ExpectedTensor[] =>
    precision === 'float32'
      ? [{ name: `${name}.weight`, shape: [to, from], dtype: 'F32' }]
      : [
          { name: `${name}.weight`, shape: [from, to], dtype: 'I8' },
          { name: scaleOf(`${name}.weight`), shape: [to], dtype: 'F32' },
        ],
  );
  return [...matrices, ...floatTensors(config)];
}

/** The tensors that are float32 in any precision. */
export function floatTensors(config: Dinov2Config): ExpectedTensor[] {
  const { hidden_size: dim, patch_size: patch, num_hidden_layers: layers } = config;
  const positions = Math.floor(config.image_size / patch) ** 2 + 1;
  const shapes: [string, number[]][] = [
    [classToken, [1, 1, dim]],
    [positionEmbeddings, [1, positions, dim]],
    [`${patchProjection}.weight`, [dim, 3, patch, patch]],
    [`${patchProjection}.bias`, [dim]],
    [`${finalNorm}.weight`, [dim]],
    [`${finalNorm}.bias`, [dim]],
    ...blockMatrices(config).map(({ name, to }): [string, number[]] => [`${name}.bias`, [to]]),
    ...Array.from({ length: layers }, (_, index) =>
      blockVectors.map((name): [string, number[]] => [`${layerName(index)}.${name}`, [dim]]),
    ).flat(),
  ];
  return shapes.map(([name, shape]) => ({ name, shape, dtype: 'F32' }));
}

const norms = ['norm1.weight', 'norm1.bias', 'norm2.weight', 'norm2.bias'];
const blockVectors = [...norms, 'layer_scale1.lambda1', 'layer_scale2.lambda1'];
