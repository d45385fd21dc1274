import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeDinov2Folder, isDinov2Folder } from './dinov2-folder.ts';
import { graphVersion } from '../dinov2/graph.ts';
import type { Precision } from '../dinov2/weights.ts';
import { EncoderError } from '../errors.ts';
import { hashOfFile } from './file-hash.ts';
import type { EncoderFiles, ExecutionProvider } from '../inference/encoder-files.ts';
import { instead, parseManifest, type EncoderManifest } from '../inference/manifest.ts';
import { EncoderSession } from '../inference/session.ts';
import { encoderName, installedFolder, int8ManifestFile, manifestFile, weightsFile } from './encoder-paths.ts';

export interface LoadOptions {
  /** PENTIMENTO_HOME: where installed encoders and the hashes of large files are stored. */
  home?: string;
  /** `int8` uses the int8 matrices that `calibrateInt8` accepted; never for scores that must equal the published ones. */
  precision?: Precision;
  executionProvider?: ExecutionProvider;
}

const embeddedEncoder = fileURLToPath(new URL('../../encoders/analytic', import.meta.url));

/**
 * Finds an encoder, reads and checks its manifest and verifies its file's SHA-256.
 * `setting` is the name of an installed encoder, a folder that holds a `manifest.json`, a manifest's path, or a folder with a
 * DINOv2's `config.json` and `model.safetensors`; the embedded encoder where it is absent. Throws `EncoderError` with the remedy.
 */
export async function loadEncoder(setting?: string, options: LoadOptions = {}): Promise<EncoderFiles> {
  const { home, precision = 'float32', executionProvider = 'cpu' } = options;
  if (precision === 'int8') requireProcessor(executionProvider);
  if (executionProvider !== 'cpu') await requireExecutionProvider(executionProvider);
  const location = await locateEncoder(setting, home);
  if (location.kind === 'weights') return loadFolder(location.folder, precision, executionProvider, home);
  const path = precision === 'int8' ? await int8Manifest(location.manifest, setting) : location.manifest;
  const manifest = parseManifest(await readManifest(path), path);
  const modelPath = resolve(dirname(path), manifest.file);
  const modelBytes = await fileBytes(modelPath, path);
  const sha256 = await hashOfFile(modelPath, home);
  if (sha256 === manifest.sha256)
    return { manifest: withGraphVersion(manifest), modelPath, modelBytes, executionProvider };
  throw new EncoderError(
    `The encoder file ${modelPath} has SHA-256 ${sha256}, but its manifest has ${manifest.sha256}: download the file again, correct the manifest, ${instead}.`,
  );
}

type EncoderLocation = { kind: 'manifest'; manifest: string } | { kind: 'weights'; folder: string };

async function locateEncoder(setting: string | undefined, home: string | undefined): Promise<EncoderLocation> {
  if (setting === undefined) return { kind: 'manifest', manifest: join(embeddedEncoder, manifestFile) };
  const installed =
    home !== undefined && encoderName.test(setting) && join(installedFolder(home, setting), manifestFile);
  if (installed && (await exists(installed))) return { kind: 'manifest', manifest: installed };
  const path = resolve(setting);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return { kind: 'manifest', manifest: path };
  const manifest = join(path, manifestFile);
  if (!(await exists(manifest)) && (await isDinov2Folder(path))) return { kind: 'weights', folder: path };
  return { kind: 'manifest', manifest };
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function loadFolder(
  folder: string,
  precision: Precision,
  executionProvider: ExecutionProvider,
  home: string | undefined,
): Promise<EncoderFiles> {
  if (precision === 'int8') {
    throw new EncoderError(
      `${folder} is not installed, so int8 was never calibrated on it: run "pentimento encoder add ${folder}" and "pentimento encoder check NAME --int8", or unset PENTIMENTO_REWARD_PRECISION.`,
    );
  }
  const described = await describeDinov2Folder(folder);
  const modelPath = join(folder, weightsFile);
  const manifest = { ...described, sha256: await hashOfFile(modelPath, home) };
  return {
    manifest: withGraphVersion(manifest),
    modelPath,
    modelBytes: (await stat(modelPath)).size,
    executionProvider,
  };
}

/** A stored manifest as it is used: the id of a network has the version of its graph. */
export function withGraphVersion(manifest: EncoderManifest): EncoderManifest {
  if (!manifest.network) return manifest;
  return { ...manifest, id: `${manifest.id}-${graphVersion}${manifest.calibration ? '-int8' : ''}` };
}

/** Runs the embedded encoder's small graph on it, so that a missing library is reported at the start. */
async function requireExecutionProvider(executionProvider: ExecutionProvider): Promise<void> {
  const session = await EncoderSession.open({ ...(await loadEncoder()), executionProvider, threads: 1 });
  await session.close();
}

function requireProcessor(executionProvider: ExecutionProvider): void {
  if (executionProvider === 'cpu') return;
  throw new EncoderError(
    'int8 is for the processor only: unset PENTIMENTO_REWARD_PRECISION, or set PENTIMENTO_REWARD_PROVIDER to cpu.',
  );
}

async function int8Manifest(manifest: string, setting: string | undefined): Promise<string> {
  const path = join(dirname(manifest), int8ManifestFile);
  if (await exists(path)) return path;
  const what = setting ?? 'the embedded encoder';
  throw new EncoderError(
    `There are no accepted int8 weights of ${what}: run "pentimento encoder check NAME --int8" on an installed DINOv2, or unset PENTIMENTO_REWARD_PRECISION.`,
  );
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new EncoderError(
      `There is no encoder manifest at ${path}: name an installed encoder ("pentimento encoder list"), a DINOv2 folder with config.json and ${weightsFile}, or a folder that holds a ${manifestFile}, ${instead}.`,
      { cause },
    );
  }
}

async function fileBytes(modelPath: string, manifest: string): Promise<number> {
  const found = await stat(modelPath).catch(() => undefined);
  if (found?.isFile()) return found.size;
  throw new EncoderError(
    `The encoder file ${modelPath} that ${manifest} names is missing: put it there, correct the manifest, ${instead}.`,
  );
}
