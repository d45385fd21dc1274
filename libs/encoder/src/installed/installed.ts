import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { describeDinov2Folder, isDinov2Folder } from './dinov2-folder.ts';
import { EncoderError } from '../errors.ts';
import { hashOfFile } from './file-hash.ts';
import { loadEncoder, withGraphVersion } from './load.ts';
import { parseManifest, type Calibration, type EncoderManifest } from '../inference/manifest.ts';
import { encoderName, encodersFolder, installedFolder, int8ManifestFile, manifestFile } from './encoder-paths.ts';

/** An encoder under PENTIMENTO_HOME, as its manifest describes it; its file is not read for this. */
export interface InstalledEncoder {
  name: string;
  id: string;
  /** Absolute. */
  file: string;
  bytes: number;
  sha256: string;
  /** Null where there are no accepted int8 weights. */
  int8: Calibration | null;
}

/** An installed encoder whose manifest or file is missing or damaged. */
export interface BrokenEncoder {
  name: string;
  /** One sentence with the remedy. */
  problem: string;
}

export interface AddOptions {
  home: string;
  /** The model's own name where absent. */
  name?: string;
  signal?: AbortSignal;
}

/**
 * Installs the encoder of a folder (a DINOv2's, or one with a manifest) by name. Its file stays where it is and is read once for
 * its hash. Throws `EncoderError` with the remedy, also where the name is taken by another file.
 */
export async function addEncoder(folder: string, options: AddOptions): Promise<InstalledEncoder> {
  const manifest = await describe(resolve(folder), options);
  const name = options.name ?? manifest.id;
  if (!encoderName.test(name)) {
    throw new EncoderError(`"${name}" is not a name for an encoder: give --name of letters, digits, ".", "_" and "-".`);
  }
  const installed = installedFolder(options.home, name);
  await requireFreeName(name, installed, manifest);
  await writeJson(join(installed, manifestFile), manifest);
  return describeInstalled(options.home, name);
}

/** Every installed encoder by name, the broken ones with their problem. */
export async function listEncoders(home: string): Promise<(InstalledEncoder | BrokenEncoder)[]> {
  const entries = await readdir(encodersFolder(home), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && encoderName.test(entry.name)).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map((name) =>
      describeInstalled(home, name).catch((error: unknown) => {
        if (error instanceof EncoderError) return { name, problem: error.message };
        throw error;
      }),
    ),
  );
}

/** Throws `EncoderError` where there is no such encoder or its file is gone. */
async function describeInstalled(home: string, name: string): Promise<InstalledEncoder> {
  const installed = installedFolder(home, name);
  const { id, file, sha256 } = withGraphVersion(await readInstalled(join(installed, manifestFile), name));
  const path = resolve(installed, file);
  const found = await stat(path).catch(() => undefined);
  if (!found)
    throw new EncoderError(`The file ${path} of the encoder ${name} is missing: restore it, or remove ${installed}.`);
  const int8 = await readInstalled(join(installed, int8ManifestFile), name).catch(() => undefined);
  return { name, id, file: path, bytes: found.size, sha256, int8: int8?.calibration ?? null };
}

/** The manifest as it is stored, without the graph's version in its id. Throws `EncoderError`. */
export async function readInstalled(path: string, name: string): Promise<EncoderManifest> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const remedy = `run "pentimento encoder pull" or "add" again, or remove its folder`;
    throw new EncoderError(`The encoder ${name} is incomplete (there is no ${path}): ${remedy}.`, { cause });
  });
  return parseManifest(text, path);
}

/** The manifest to install: its file has an absolute path, unless it is in the encoders' own folder, which may be moved. */
async function describe(folder: string, { home, signal }: AddOptions): Promise<EncoderManifest> {
  const hasManifest = (await stat(join(folder, manifestFile)).catch(() => undefined)) !== undefined;
  if (!hasManifest && (await isDinov2Folder(folder))) {
    const described = await describeDinov2Folder(folder);
    const file = join(folder, described.file);
    const own = dirname(folder) === resolve(encodersFolder(home));
    return { ...described, file: own ? described.file : file, sha256: await hashOfFile(file, home, signal) };
  }
  const { modelPath } = await loadEncoder(folder, { home });
  const manifest = parseManifest(await readFile(join(folder, manifestFile), 'utf8'), join(folder, manifestFile));
  return { ...manifest, file: modelPath };
}

async function requireFreeName(name: string, folder: string, { sha256 }: EncoderManifest): Promise<void> {
  const present = await readInstalled(join(folder, manifestFile), name).catch(() => undefined);
  if (!present || present.sha256 === sha256) return;
  throw new EncoderError(
    `The encoder name ${name} is taken by a file with SHA-256 ${present.sha256}: give another --name, or remove ${folder}.`,
  );
}

/** Written atomically, so that no reader sees a part of it. */
export async function writeJson(path: string, value: object): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
  } catch (cause) {
    const remedy = 'free some space, or set PENTIMENTO_HOME to a folder of your own';
    throw new EncoderError(`${path} cannot be written: ${remedy}.`, { cause });
  }
}
