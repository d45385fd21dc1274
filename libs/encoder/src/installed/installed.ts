import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describeDinov2Folder, isDinov2Folder } from './dinov2-folder.ts';
import { EncoderError } from '../errors.ts';
import { hashOfFile } from './file-hash.ts';
import { loadEncoder, named } from './load.ts';
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

/** A folder whose manifest or file is missing or damaged. */
export interface BrokenEncoder {
  name: string;
  /** One plain sentence with the remedy. */
  fault: string;
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
    throw new EncoderError(`"${name}" is no name for an encoder: give --name of letters, digits, ".", "_" and "-".`);
  }
  const place = installedFolder(options.home, name);
  await requireFree(name, place, manifest);
  await writeJson(join(place, manifestFile), manifest);
  return describeInstalled(options.home, name);
}

/** Every installed encoder by name, the broken ones with their fault. */
export async function listEncoders(home: string): Promise<(InstalledEncoder | BrokenEncoder)[]> {
  const entries = await readdir(encodersFolder(home), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && encoderName.test(entry.name)).map(({ name }) => name);
  return Promise.all(
    names.toSorted().map((name) =>
      describeInstalled(home, name).catch((error: unknown) => {
        if (error instanceof EncoderError) return { name, fault: error.message };
        throw error;
      }),
    ),
  );
}

/** Throws `EncoderError` where there is no such encoder or its file is gone. */
async function describeInstalled(home: string, name: string): Promise<InstalledEncoder> {
  const place = installedFolder(home, name);
  const { id, file, sha256 } = named(await readInstalled(join(place, manifestFile), name));
  const path = resolve(place, file);
  const found = await stat(path).catch(() => undefined);
  if (!found)
    throw new EncoderError(`The file ${path} of the encoder ${name} is gone: put it back, or remove ${place}.`);
  const int8 = await readInstalled(join(place, int8ManifestFile), name).catch(() => undefined);
  return { name, id, file: path, bytes: found.size, sha256, int8: int8?.calibration ?? null };
}

/** As it is stored: the id has no version of a graph. Throws `EncoderError`. */
export async function readInstalled(path: string, name: string): Promise<EncoderManifest> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const remedy = `run "pentimento encoder pull" or "add" again, or remove its folder`;
    throw new EncoderError(`The encoder ${name} is not complete (there is no ${path}): ${remedy}.`, { cause });
  });
  return parseManifest(text, path);
}

/** The manifest to install: its file by its absolute path, unless it lies in the encoders' own folder, which may be moved. */
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

async function requireFree(name: string, place: string, { sha256 }: EncoderManifest): Promise<void> {
  const present = await readInstalled(join(place, manifestFile), name).catch(() => undefined);
  if (!present || present.sha256 === sha256) return;
  throw new EncoderError(
    `The encoder name ${name} is taken by a file with SHA-256 ${present.sha256}: give another --name, or remove ${place}.`,
  );
}

/** Written beside and moved, so that nobody reads half of it. */
export async function writeJson(path: string, value: object): Promise<void> {
  const partial = `${path}.${randomUUID()}`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(partial, `${JSON.stringify(value, null, 2)}\n`);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new EncoderError(
      `${path} cannot be written: free some space, or set PENTIMENTO_HOME to a folder of your own.`,
      {
        cause,
      },
    );
  }
}
