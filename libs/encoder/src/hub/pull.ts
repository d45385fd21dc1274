import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readDinov2Config } from '../installed/dinov2-folder.ts';
import { addEncoder, listEncoders, type InstalledEncoder } from '../installed/installed.ts';
import { hashOfFile } from '../installed/file-hash.ts';
import { configFile, encoderName, installedFolder, weightsFile } from '../installed/encoder-paths.ts';
import { blobHash, findSnapshot, type Snapshot } from './cache.ts';
import { download, isWhole, unwritable, type Progress } from './download.ts';
import { HubError } from './errors.ts';
import { describeFile, TransientError, type FileAddress, type RemoteFile } from './request.ts';
import { hubSettings, type HubSettings } from './settings.ts';

/** The small file first: it shows whether the model is supported. */
const files = [configFile, weightsFile] as const;
const repositoryName = /^\w[\w.-]*\/\w[\w.-]*$/;
/** Left free on the disk after the download. */
const reserveBytes = 64 * 1024 * 1024;
const firstPauseMs = 1000;

export interface PullOptions {
  home: string;
  /** The repository's name without its owner where absent. */
  name?: string;
  /** Branch, tag or commit; `main` where absent. */
  revision?: string;
  /** Holds HF_ENDPOINT, HF_TOKEN, HF_HOME and HF_HUB_CACHE where they are set. */
  environment: Record<string, string | undefined>;
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Called with a line about the next step. */
  onStep?: (line: string) => void;
  pause?: (tries: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Fetches a DINOv2 from the Hugging Face hub, or takes it from the hub's cache on this machine, and installs it. Throws `HubError` or
 * `EncoderError` with the remedy, and the signal's reason; an incomplete download resumes the next time.
 */
export async function pullEncoder(repository: string, options: PullOptions): Promise<InstalledEncoder> {
  if (!repositoryName.test(repository)) {
    throw new HubError(`"${repository}" is not a model on the hub: give owner/name, e.g. facebook/dinov2-large.`);
  }
  const name = options.name ?? repository.split('/')[1]!;
  if (!encoderName.test(name))
    throw new HubError(`"${name}" is not a name for an encoder: give --name of letters and digits.`);
  const settings = hubSettings(options.environment);
  const { revision = 'main', home, signal } = options;
  const snapshot = await findSnapshot(repository, revision, files, settings);
  if (snapshot) return addSnapshot(snapshot, name, options);
  const folder = installedFolder(home, name);
  try {
    await fetchModel({ repository, revision, name, folder }, settings, options);
  } catch (error) {
    throw error instanceof TransientError ? unreachable(repository, error) : error;
  }
  return addEncoder(folder, { home, name, signal });
}

async function addSnapshot(
  { folder, commit }: Snapshot,
  name: string,
  options: PullOptions,
): Promise<InstalledEncoder> {
  const { home, signal, onStep } = options;
  onStep?.(`using commit ${commit} of the cache at ${folder}`);
  const weights = join(folder, weightsFile);
  const expected = await blobHash(weights);
  if (expected !== undefined && (await hashOfFile(weights, home, signal)) !== expected) {
    throw new HubError(`${weights} is damaged: remove ${folder} and run the command again.`);
  }
  return addEncoder(folder, { home, name, signal });
}

interface ModelRequest {
  repository: string;
  revision: string;
  name: string;
  folder: string;
}

async function fetchModel(request: ModelRequest, settings: HubSettings, options: PullOptions): Promise<void> {
  const { repository, revision, folder } = request;
  const { signal, onStep } = options;
  const weights = await describeFile({ repository, revision, file: weightsFile }, settings, signal);
  await requireFreeName(request, weights, options.home);
  onStep?.(`fetching ${repository} at commit ${weights.commit} from ${settings.endpoint.host}`);
  const ofCommit = (file: string) => ({ repository, revision: weights.commit, file });
  const config = await describeFile(ofCommit(configFile), settings, signal);
  await fetchFile(ofCommit(configFile), config, folder, settings, options);
  await readDinov2Config(folder);
  await fetchFile(ofCommit(weightsFile), weights, folder, settings, options);
}

/** Throws where the name belongs to other weights, so that no installed encoder is overwritten. */
async function requireFreeName({ name, folder }: ModelRequest, { hash }: RemoteFile, home: string): Promise<void> {
  const installed = (await listEncoders(home)).find((encoder) => encoder.name === name && 'sha256' in encoder);
  if (!installed || !('sha256' in installed) || installed.sha256 === hash) return;
  throw new HubError(`The encoder name ${name} is taken by other weights: give another --name, or remove ${folder}.`);
}

async function fetchFile(
  address: FileAddress,
  remote: RemoteFile,
  folder: string,
  settings: HubSettings,
  { signal, onProgress, pause = growingPause }: PullOptions,
): Promise<void> {
  const to = join(folder, address.file);
  if (await isWhole(to, remote, signal)) return;
  await requireSpace(folder, remote.bytes);
  await download({ address, remote, to }, settings, { signal, onProgress, pause });
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw unwritable(folder, cause);
  }
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes + reserveBytes) return;
  const megabytes = Math.ceil((bytes + reserveBytes) / 1e6);
  throw new HubError(`${folder} has too little space: free ${megabytes} MB, or set PENTIMENTO_HOME elsewhere.`);
}

function growingPause(tries: number, signal: AbortSignal): Promise<void> {
  return wait(firstPauseMs * 2 ** (tries - 1), undefined, { signal });
}

function unreachable(repository: string, cause: TransientError): HubError {
  return new HubError(
    `${cause.message}: run the command again later, set HF_ENDPOINT to a mirror, or download ${files.join(' and ')} of ${repository} on another machine, copy their folder here and run "pentimento encoder add FOLDER".`,
    { cause },
  );
}
