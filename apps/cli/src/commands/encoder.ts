import { availableParallelism } from 'node:os';
import {
  addEncoder,
  calibrateInt8,
  checkEncoder,
  type EncoderCheck,
  EncoderError,
  type EncoderFiles,
  HubError,
  type InstalledEncoder,
  listEncoders,
  loadEncoder,
  pullEncoder,
} from '@pentimento/encoder';
import { exitCodes, CliError, usageError, type ExitCode } from '../terminal/cli-error.ts';
import { watchInterrupts } from '../terminal/interrupts.ts';
import { table, type Terminal } from '../terminal/terminal.ts';
import { validated } from '../local/engines.ts';

/** The encoders of this machine. None of these commands needs a server. */
interface JsonOption {
  json?: boolean;
}

/** Lists the installed encoders and the embedded one, with the used one marked. */
export async function list(options: JsonOption, terminal: Terminal): Promise<ExitCode> {
  const { home, reward } = terminal.settings;
  const setting = reward.encoder;
  const embedded = await loadEncoder();
  const installed = await listEncoders(home);
  const all = [
    {
      name: '(embedded)',
      id: embedded.manifest.id,
      file: embedded.modelPath,
      bytes: embedded.modelBytes,
      sha256: embedded.manifest.sha256,
      int8: null,
    },
    ...installed,
  ];
  const used = setting === undefined ? '(embedded)' : setting;
  const encoders = all.map((encoder) => ({ ...encoder, used: encoder.name === used }));
  if (options.json) terminal.data(JSON.stringify({ encoders, setting: setting ?? null }));
  else {
    terminal.data(
      table([
        ['', 'name', 'encoder', 'size', 'sha256', 'int8', 'file'],
        ...encoders.map((encoder) => [
          encoder.used ? '*' : '',
          encoder.name,
          ...('problem' in encoder ? ['broken'] : rowOf(encoder)),
        ]),
      ]),
    );
  }
  for (const encoder of installed) if ('problem' in encoder) terminal.progress(encoder.problem);
  if (setting !== undefined && !encoders.some((encoder) => encoder.used)) {
    terminal.progress(`PENTIMENTO_ENCODER names ${setting}, which is not among these: it is taken as a path.`);
  }
  return exitCodes.done;
}

export interface AddOptions extends JsonOption {
  name?: string;
}

/** Installs the encoder of a folder. */
export async function add(folder: string, options: AddOptions, terminal: Terminal): Promise<ExitCode> {
  return withCliErrors(terminal, async (signal) => {
    const { home } = terminal.settings;
    printInstalled(await addEncoder(folder, { home, name: options.name, signal }), options, terminal);
    return exitCodes.done;
  });
}

export interface PullOptions extends AddOptions {
  revision?: string;
}

/** Downloads a DINOv2 from the Hugging Face hub and installs it. */
export async function pull(repository: string, options: PullOptions, terminal: Terminal): Promise<ExitCode> {
  return withCliErrors(terminal, async (signal) => {
    const { home, hub } = terminal.settings;
    const installed = await pullEncoder(repository, {
      ...options,
      home,
      environment: hub,
      signal,
      onStep: (line) => terminal.progress(line),
      onProgress: progressBySteps(terminal),
    });
    printInstalled(installed, options, terminal);
    return exitCodes.done;
  });
}

export interface CheckOptions extends JsonOption {
  int8?: boolean;
  threads?: string;
}

/** Runs an encoder over known tiles. With --int8, first makes its int8 weights and accepts them where scores stay close to float32's. */
export async function check(named: string | undefined, options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  const threads = threadsOf(options.threads);
  const { home, reward } = validated(terminal.settings);
  const name = named ?? reward.encoder;
  if (options.int8 && name === undefined) throw usageError('Name the installed DINOv2 whose int8 weights are wanted.');
  return withCliErrors(terminal, async (signal) => {
    const { executionProvider } = reward;
    if (options.int8) {
      const onProgress = (step: string) => terminal.progress(step);
      await calibrateInt8(name!, { home, threads, signal, onProgress });
    }
    const files = await loadEncoder(name, { home, executionProvider, precision: options.int8 ? 'int8' : 'float32' });
    const checked = await checkEncoder(files, { threads, signal });
    terminal.data(options.json ? JSON.stringify(inFull(files, checked)) : describe(files, checked));
    return checked.problems.length === 0 ? exitCodes.done : exitCodes.error;
  });
}

function threadsOf(threads: string | undefined): number {
  if (threads === undefined) return availableParallelism();
  const parsed = Number(threads);
  if (Number.isInteger(parsed) && parsed >= 1 && parsed <= 256) return parsed;
  throw usageError('--threads must be a whole number from 1 to 256.');
}

function inFull({ manifest, modelPath, modelBytes }: EncoderFiles, checked: EncoderCheck) {
  const { id, sha256, calibration = null } = manifest;
  return { id, sha256, file: modelPath, bytes: modelBytes, precision: precisionOf(manifest), calibration, ...checked };
}

const precisionOf = ({ calibration }: EncoderFiles['manifest']): string => (calibration ? 'int8' : 'float32');

function describe({ manifest, modelPath, modelBytes }: EncoderFiles, checked: EncoderCheck): string {
  const { calibration } = manifest;
  const rows = [
    ['encoder', manifest.id],
    ['file', `${modelPath} (${megabytes(modelBytes)})`],
    ['sha256', manifest.sha256],
    [
      'runs on',
      `${checked.executionProvider}, ${checked.threads} thread${checked.threads === 1 ? '' : 's'}, ${precisionOf(manifest)}`,
    ],
    ...(calibration
      ? [
          [
            'calibration',
            `scores move by ${calibration.meanDifference.toFixed(5)}, at most ${calibration.largestDifference.toFixed(5)} (limit ${calibration.limit})`,
          ],
        ]
      : []),
    ['gives', `${checked.dimension} numbers a tile, ${checked.cells.columns} x ${checked.cells.rows} cells`],
    ['loads in', `${checked.loadMs.toFixed(0)} ms`],
    ['a tile takes', `${checked.tileMs.toFixed(1)} ms`],
    ['memory', megabytes(checked.memoryBytes)],
    ['same tile', checked.sameScore.toFixed(4)],
    ['near tile', checked.nearScore.toFixed(4)],
    ['blank tile', checked.blankScore.toFixed(4)],
    ['verdict', checked.problems.length === 0 ? 'ok' : checked.problems.join(' ')],
  ];
  return table(rows);
}

function printInstalled(encoder: InstalledEncoder, { json }: JsonOption, terminal: Terminal): void {
  if (json) terminal.data(JSON.stringify(encoder));
  else terminal.data(`${encoder.name}: ${encoder.id}, ${megabytes(encoder.bytes)}, SHA-256 ${encoder.sha256}`);
  terminal.progress(
    `Use it with PENTIMENTO_ENCODER=${encoder.name}; try it with "pentimento encoder check ${encoder.name}".`,
  );
}

function rowOf({ id, bytes, sha256, int8, file }: InstalledEncoder): string[] {
  return [id, megabytes(bytes), sha256.slice(0, 12), int8 ? 'accepted' : '', file];
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 0)} MB`;

/** Prints a line at each twentieth of a file. */
function progressBySteps(terminal: Terminal) {
  const shown = new Map<string, number>();
  return ({ file, bytes, totalBytes }: { file: string; bytes: number; totalBytes: number }): void => {
    const step = Math.floor((bytes / Math.max(1, totalBytes)) * 20);
    if ((shown.get(file) ?? -1) >= step) return;
    shown.set(file, step);
    terminal.progress(`${file}  ${step * 5} % of ${megabytes(totalBytes)}`);
  };
}

async function withCliErrors(terminal: Terminal, work: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  using interrupts = watchInterrupts(terminal);
  try {
    return await work(interrupts.first);
  } catch (error) {
    if (interrupts.first.aborted) {
      throw new CliError('Stopped; the next run continues the download.', { exitCode: exitCodes.interrupted });
    }
    if (error instanceof EncoderError || error instanceof HubError) throw new CliError(error.message, { cause: error });
    throw error;
  }
}
