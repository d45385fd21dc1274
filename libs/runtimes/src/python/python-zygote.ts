import { DeadlineExceeded } from '@pentimento/abort';
import { exceededJsonBound } from '@pentimento/contracts';
import {
  RpcProcess,
  RpcProcessExited,
  startWithFolder,
  type ManagedProcess,
  type RunningProgram,
  type SandboxLauncher,
  type WarmProcess,
} from '@pentimento/sandbox';
import { inspectInterpreter } from './interpreter.ts';
import { zygoteProgram, type ImageLimits } from './zygote-program.ts';

const startMs = 60_000;
/** A head holds a message, remarks and a SMILES. The code may write it, and it is parsed on the event loop. */
const maxHeadBytes = 1024 * 1024;
/** A head is flat: a form, a size and remarks. */
const headBounds = { depth: 8, containers: 100, keys: 100, keyCharacters: 10_000, values: 10_000 };

/** For the zygote to end a render past its deadline, before the zygote itself is killed. */
const graceMs = 700;

export type ZygoteJob =
  | { kind: 'python'; code: string }
  | { kind: 'smiles'; code: string; width: number; height: number; reference: string | null };

/** How a render process ended, as the zygote knows it. */
export interface ForkExit {
  end: 'done' | 'deadline' | 'canceled';
  /** The signal that ended it; null for none. */
  signal: number | null;
  /** Its exit code; null after a signal. */
  exit: number | null;
  /** The end of its stderr. */
  log: string;
}

/** What a render process left behind. The head (JSON) and the content come from the process itself and are untrusted. */
export interface ForkResult {
  exit: ForkExit;
  head: unknown;
  content: Uint8Array;
}

interface Greeting {
  /** By name: Python, its libraries, and `fonts`. */
  versions: Record<string, string>;
  /** Whether one zygote serves many renders, each in namespaces of its own. */
  reusable: boolean;
}

/** One Python with its libraries loaded, which forks an isolated process for each render. Renders one at a time. */
export class PythonZygote implements ManagedProcess {
  readonly #process: RpcProcess;
  readonly #greeting: Greeting;
  #used = false;

  private constructor(process: RpcProcess, greeting: Greeting) {
    this.#process = process;
    this.#greeting = greeting;
  }

  /**
   * @param path of the interpreter.
   * @throws Error with the remedy where the sandbox may not read the interpreter's folder; else as `RpcProcess.start`.
   */
  static async start(
    path: string,
    limits: ImageLimits,
    launcher: SandboxLauncher,
    temporaryFolder: string,
  ): Promise<PythonZygote> {
    const program = await launch(path, limits, launcher, temporaryFolder);
    const options = { name: 'Python', startMs, maxFrameBytes: limits.maxBytes + maxHeadBytes };
    try {
      return new PythonZygote(...(await RpcProcess.start<Greeting>(program, options)));
    } catch (error) {
      throw unreadableFolder(error as Error) ?? error;
    }
  }

  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  get versions(): Record<string, string> {
    return this.#greeting.versions;
  }

  /** Whether one zygote serves many renders; otherwise each render starts its own. */
  get isReusable(): boolean {
    return this.#greeting.reusable;
  }

  ready(): Promise<boolean> {
    return Promise.resolve(this.isReusable || !this.#used);
  }

  kill(): void {
    this.#process.kill();
  }

  /**
   * Runs a job in a render process of its own, which is ended when the signal aborts.
   * @throws DeadlineExceeded where the render process ran past `deadlineMs`; the signal's reason where it aborts; else as
   * `RpcProcess.ask`.
   */
  async run(job: ZygoteJob, deadlineMs: number, signal: AbortSignal): Promise<ForkResult> {
    signal.throwIfAborted();
    this.#used = true;
    const cancel = (): void => this.#process.send(new Uint8Array());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const result = readFrame(await this.#process.ask({ ...job, seconds: deadlineMs / 1000 }));
      signal.throwIfAborted();
      if (result.exit.end === 'deadline') throw new DeadlineExceeded({ log: result.exit.log });
      return result;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
}

/** Runs a job on the warm zygote, which survives a render that is aborted or exceeds its deadline. `result` is null if it crashed. */
export function renderInFork(
  job: ZygoteJob,
  python: WarmProcess<PythonZygote>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<{ zygote: PythonZygote; result: ForkResult | null }> {
  signal.throwIfAborted();
  return python.use(deadlineMs + graceMs, new AbortController().signal, async (zygote) => {
    const result = await zygote.run(job, deadlineMs, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof RpcProcessExited) return null;
      throw error;
    });
    return { zygote, result };
  });
}

async function launch(
  path: string,
  limits: ImageLimits,
  launcher: SandboxLauncher,
  temporaryFolder: string,
): Promise<RunningProgram> {
  const interpreter = await inspectInterpreter(path);
  return startWithFolder(launcher, temporaryFolder, 'python', (folder, isSandboxed) =>
    zygoteProgram(interpreter, limits, folder, isSandboxed),
  );
}

/** Turns bubblewrap's error about a folder that only its owner may enter into a sentence with the remedy. */
function unreadableFolder(error: Error): Error | undefined {
  const [, folder] = /Can't find source path (.+): Permission denied/.exec(error.message) ?? [];
  if (folder === undefined) return undefined;
  const message = `The sandbox may not enter ${folder}: name a Python in PENTIMENTO_PYTHON that every account may read, below /opt for example.`;
  return new Error(message, { cause: error });
}

/** @throws RangeError where the zygote's own part of the frame is malformed. */
function readFrame(frame: Uint8Array): ForkResult {
  const [own, rest] = splitHead(frame);
  const exit = JSON.parse(Buffer.from(own).toString('utf8')) as ForkExit;
  try {
    const [head, content] = splitHead(rest, maxHeadBytes);
    return { exit, head: readHead(head), content };
  } catch {
    return { exit, head: null, content: new Uint8Array() };
  }
}

/** @throws Error where it is no JSON, or holds too much. */
function readHead(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  const bound = exceededJsonBound(text, headBounds);
  if (bound) throw new RangeError(`The head has too many ${bound}.`);
  return JSON.parse(text);
}

/** @throws RangeError where the head is longer than the rest of the frame, or than `maxBytes`. */
function splitHead(bytes: Uint8Array, maxBytes = bytes.length): [head: Uint8Array, rest: Uint8Array] {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  if (length > Math.min(maxBytes, bytes.length - 4)) throw new RangeError('The head is too long.');
  return [bytes.subarray(4, 4 + length), bytes.subarray(4 + length)];
}
