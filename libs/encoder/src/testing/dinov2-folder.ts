import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Sizes of a DINOv2 network; `blocks` is free, so that a wide one stays quick. */
export interface NetworkShape {
  dim: number;
  heads: number;
  blocks: number;
}

/** The shapes of DINOv2 S, B and L, two blocks deep. */
export const publishedShapes = {
  small: { dim: 384, heads: 6, blocks: 2 },
  base: { dim: 768, heads: 12, blocks: 2 },
  large: { dim: 1024, heads: 16, blocks: 2 },
} as const satisfies Record<string, NetworkShape>;

export const tinyShape: NetworkShape = { dim: 32, heads: 2, blocks: 2 };

const storedGrid = 37;
const patch = 14;

/** Writes a folder as the Hugging Face hub holds DINOv2, with random weights under which every part of the network matters. */
export async function writeDinov2Folder(
  folder: string,
  { dim, heads, blocks }: NetworkShape,
  changes: { config?: Record<string, unknown>; without?: string; dtype?: string } = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const config = {
    architectures: ['Dinov2Model'],
    model_type: 'dinov2',
    hidden_size: dim,
    num_hidden_layers: blocks,
    num_attention_heads: heads,
    mlp_ratio: 4,
    hidden_act: 'gelu',
    layer_norm_eps: 1e-6,
    image_size: storedGrid * patch,
    patch_size: patch,
    num_channels: 3,
    qkv_bias: true,
    use_swiglu_ffn: false,
    ...changes.config,
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const tensors = tensorsOf({ dim, heads, blocks }).filter(({ name }) => name !== changes.without);
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, changes.dtype ?? 'F32');
  return folder;
}

interface RandomTensor {
  name: string;
  shape: number[];
  center: number;
  spread: number;
}

function tensorsOf({ dim, blocks }: NetworkShape): RandomTensor[] {
  const random = (name: string, shape: number[], spread: number, center = 0) => ({ name, shape, spread, center });
  /** A matrix whose products keep the spread of what goes in, and a small bias. */
  const linear = (name: string, from: number, to: number) => [
    random(`${name}.weight`, [to, from], 2 / Math.sqrt(from)),
    random(`${name}.bias`, [to], 0.1),
  ];
  const norm = (name: string) => [random(`${name}.weight`, [dim], 0.2, 1), random(`${name}.bias`, [dim], 0.1)];
  const block = (layer: string) => [
    ...norm(`${layer}.norm1`),
    ...['query', 'key', 'value'].flatMap((part) => linear(`${layer}.attention.attention.${part}`, dim, dim)),
    ...linear(`${layer}.attention.output.dense`, dim, dim),
    random(`${layer}.layer_scale1.lambda1`, [dim], 0.1, 0.3),
    ...norm(`${layer}.norm2`),
    ...linear(`${layer}.mlp.fc1`, dim, 4 * dim),
    ...linear(`${layer}.mlp.fc2`, 4 * dim, dim),
    random(`${layer}.layer_scale2.lambda1`, [dim], 0.1, 0.3),
  ];
  return [
    random('embeddings.cls_token', [1, 1, dim], 0.5),
    random('embeddings.mask_token', [1, dim], 0.5),
    random('embeddings.position_embeddings', [1, storedGrid ** 2 + 1, dim], 0.3),
    random('embeddings.patch_embeddings.projection.weight', [dim, 3, patch, patch], 0.05),
    random('embeddings.patch_embeddings.projection.bias', [dim], 0.1),
    ...Array.from({ length: blocks }, (_, index) => block(`encoder.layer.${index}`)).flat(),
    ...norm('layernorm'),
  ];
}

async function writeSafetensors(path: string, tensors: RandomTensor[], dtype: string): Promise<void> {
  let end = 0;
  const entries = tensors.map(({ name, shape }) => {
    const start = end;
    end += 4 * count(shape);
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await using file = await open(path, 'w');
  await file.write(Buffer.concat([length, header]));
  const next = uniform(11);
  for (const { shape, center, spread } of tensors) {
    const values = new Float32Array(count(shape));
    for (let index = 0; index < values.length; index++) values[index] = center + spread * next();
    await file.write(new Uint8Array(values.buffer));
  }
}

const count = (shape: number[]): number => shape.reduce((product, side) => product * side, 1);

/** Numbers in -1..1 (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
