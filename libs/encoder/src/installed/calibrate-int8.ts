import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeInt8Weights } from '../dinov2/quantize.ts';
import { EncoderError } from '../errors.ts';
import { calibrationTiles } from './calibration-tiles.ts';
import { hashOfFile } from './file-hash.ts';
import { readInstalled, writeJson } from './installed.ts';
import type { EncoderFiles } from '../inference/encoder-files.ts';
import { loadEncoder } from './load.ts';
import type { Calibration } from '../inference/manifest.ts';
import {
  installedFolder,
  int8CalibrationFile,
  int8ManifestFile,
  int8WeightsFile,
  manifestFile,
} from './encoder-paths.ts';
import { EncoderSession } from '../inference/session.ts';
import { tileSimilarity } from '../inference/similarity.ts';

/** Bound of the change of any score. */
const defaultLimit = 0.002;

export interface CalibrationOptions {
  home: string;
  threads: number;
  signal?: AbortSignal;
  /** Called with the next step. */
  onProgress?: (step: string) => void;
  limit?: number;
}

/**
 * Quantizes the weights of an installed DINOv2 to int8, and accepts them only where the score of no pair of the calibration
 * tiles changes by the limit or more. The results are stored with the encoder in any case. Throws `EncoderError` where
 * they are refused.
 */
export async function calibrateInt8(name: string, options: CalibrationOptions): Promise<Calibration> {
  const { home, signal, onProgress = () => {}, limit = defaultLimit } = options;
  const folder = installedFolder(home, name);
  const stored = await readInstalled(join(folder, manifestFile), name);
  if (!stored.network) {
    throw new EncoderError(`int8 is only made of DINOv2 weights, and ${name} is an ONNX file: use float32.`);
  }
  const exact = await loadEncoder(name, { home });
  const path = join(folder, int8WeightsFile);
  onProgress('making int8 weights');
  await rm(join(folder, int8ManifestFile), { force: true });
  await writeInt8Weights(exact.modelPath, path, stored.network, signal);
  onProgress('embedding the calibration tiles with float32');
  const expected = await embedAll(exact, options);
  onProgress('embedding the calibration tiles with int8');
  const pending = { tiles: expected.length, largestDifference: 0, meanDifference: 0, limit };
  const manifest = { ...exact.manifest, calibration: pending };
  const calibration = compare(expected, await embedAll({ ...exact, modelPath: path, manifest }, options), limit);
  await writeJson(join(folder, int8CalibrationFile), calibration);
  if (!(calibration.largestDifference < limit)) {
    await rm(path, { force: true });
    throw new EncoderError(refusal(name, calibration));
  }
  const sha256 = await hashOfFile(path, home, signal);
  await writeJson(join(folder, int8ManifestFile), { ...stored, file: int8WeightsFile, sha256, calibration });
  return calibration;
}

function refusal(name: string, { largestDifference, limit }: Calibration): string {
  return `int8 is refused for ${name}: it moved a score by ${largestDifference.toFixed(4)}, and the limit is ${limit}; use float32 (unset PENTIMENTO_REWARD_PRECISION).`;
}

async function embedAll(files: EncoderFiles, { threads, signal }: CalibrationOptions): Promise<Float32Array[]> {
  const session = await EncoderSession.open({ ...files, threads });
  try {
    const vectors: Float32Array[] = [];
    for (const tile of await calibrationTiles()) {
      signal?.throwIfAborted();
      vectors.push((await session.encode(tile)).vector);
    }
    return vectors;
  } finally {
    await session.close();
  }
}

/** Compares the scores of all pairs of tiles. */
function compare(exact: Float32Array[], quantized: Float32Array[], limit: number): Calibration {
  const differences = exact.flatMap((_, a) =>
    exact.slice(0, a).map((_, b) => {
      const expected = tileSimilarity(exact[a]!, exact[b]!);
      return Math.abs(expected - tileSimilarity(quantized[a]!, quantized[b]!));
    }),
  );
  const meanDifference = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  return { tiles: exact.length, largestDifference: Math.max(...differences), meanDifference, limit };
}
