import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tileSide } from '@pentimento/imaging';
import type { EncoderManifest } from '../inference/manifest.ts';
import { configFile, weightsFile } from './encoder-paths.ts';
import { EncoderError } from '../errors.ts';
import { dinov2ConfigSchema, dinov2Name, type Dinov2Config } from '../dinov2/config.ts';
import { dinov2Names } from '../dinov2/graph.ts';
import { readSafetensors } from '../dinov2/safetensors.ts';
import { Dinov2Weights } from '../dinov2/weights.ts';

/** An encoder's manifest, all but the hash of its file. */
export type Unhashed = Omit<EncoderManifest, 'sha256'>;

export async function isDinov2Folder(folder: string): Promise<boolean> {
  return (await stat(join(folder, configFile)).catch(() => undefined))?.isFile() ?? false;
}

/**
 * Describes a folder with `config.json` and `model.safetensors` as the Hugging Face hub has them of DINOv2, and checks that both fit.
 * Only the headers are read. Throws `EncoderError` with the remedy.
 */
export async function describeDinov2Folder(folder: string): Promise<Unhashed> {
  const config = await readDinov2Config(folder);
  await requireWeights(folder);
  new Dinov2Weights(await readSafetensors(join(folder, weightsFile)), config);
  return dinov2Manifest(config, folder);
}

/** ImageNet's mean and deviation; pixels are rounded to bf16 before the float32 network, as the published reward does. */
function dinov2Manifest(config: Dinov2Config, source: string): Unhashed {
  const grid = tileSide / config.patch_size;
  return {
    id: dinov2Name(config),
    file: weightsFile,
    license: "as the model's source states",
    source,
    inputSize: tileSide,
    inputLayout: 'nchw',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    round: 'bf16',
    inputName: dinov2Names.input,
    outputName: dinov2Names.vector,
    pooling: 'vector',
    cells: { outputName: dinov2Names.cells, columns: grid, rows: grid },
    network: config,
  };
}

/** Throws `EncoderError` where the folder's model is not a DINOv2 that is supported. */
export async function readDinov2Config(folder: string): Promise<Dinov2Config> {
  const path = join(folder, configFile);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new EncoderError(`The model description ${path} is not JSON: fetch the file again.`, { cause });
  }
  const parsed = dinov2ConfigSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: [field], message }) => `${String(field)} ${message}`).join('; ');
    throw new EncoderError(
      `The model of ${path} is not a DINOv2 that is supported (${problems}): take facebook/dinov2-small, -base or -large, or export the model to ONNX.`,
      { cause: parsed.error },
    );
  }
  if (tileSide % parsed.data.patch_size === 0) return parsed.data;
  throw new EncoderError(
    `The model of ${path} has patches of ${parsed.data.patch_size} px, which do not fill ${tileSide} px: take facebook/dinov2-small, -base or -large.`,
  );
}

async function requireWeights(folder: string): Promise<void> {
  const has = async (name: string) => (await stat(join(folder, name)).catch(() => undefined))?.isFile() ?? false;
  if (await has(weightsFile)) return;
  const found = (await has(`${weightsFile}.index.json`)) ? 'has its weights in several files' : `has no ${weightsFile}`;
  throw new EncoderError(`${folder} ${found}: put the whole model in one ${weightsFile} of float32 numbers.`);
}
