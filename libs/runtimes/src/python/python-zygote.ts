import {
  type Child,
  DeadlineReached,
  type Keeper,
  Respondent,
  RespondentDied,
  type Running,
  type Standing,
  startWithFolder,
} from '@pentimento/sandbox';
import { inspectInterpreter } from './interpreter.ts';
import { zygoteProgram, type ImageLimits } from './zygote-program.ts';

const startMs = 60_000;
const maxHeadBytes = 1024 * 1024;

/** For the zygote to end a render whose time is over, before it is ended itself. */
const graceMs = 700;

export type ZygoteJob =
  | { kind: 'python'; code: string }
  | { kind: 'smiles'; code: string; width: number; height: number; reference: string | null };

/** How a render process ended, by the zygote's own knowledge. */
export interface Ending {
  end: 'done' | 'deadline' | 'canceled';
  signal: number | null;
  exit: number | null;
  /** The end of its stderr. */
  log: string;
}

/** What a render process left: the head of JSON and the bytes after it are its own and untrusted. */
export interface Remains {
  ending: Ending;
  head: unknown;
  content: Uint8Array;
}

interface Greeting {
  /** Python, its libraries and `fonts` by name. */
  versions: Record<string, string>;
  /** Whether one process serves many renders, each with namespaces of its own. */
  lasting: boolean;
}

/** One Python with the libraries loaded, which forks a shut-in process a render. Draws one at a time. */
export class PythonZygote implements Child {
  readonly #process: Respondent;
  readonly #greeting: Greeting;
  #used = false;

  private constructor(process: Respondent, greeting: Greeting) {
    this.#process = process;
    this.#greeting = greeting;
  }

  /**
   * @param path the interpreter's.
   * @throws Error with the remedy where the sandbox may not enter the interpreter's folder; else rejects as `Respondent.start`.
   */
  static async start(
    path: string,
    limits: ImageLimits,
    keeper: Keeper,
    temporaryFolder: string,
  ): Promise<PythonZygote> {
    const running = await launch(path, limits, keeper, temporaryFolder);
    const options = { name: 'Python', startMs, maxFrameBytes: limits.maxBytes + maxHeadBytes };
    try {
      return new PythonZygote(...(await Respondent.start<Greeting>(running, options)));
    } catch (error) {
      throw closedFolder(error as Error) ?? error;
    }
  }

  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  get versions(): Record<string, string> {
    return this.#greeting.versions;
  }

  /** Whether one process serves many renders; else each render starts its own. */
  get isLasting(): boolean {
    return this.#greeting.lasting;
  }

  ready(): Promise<boolean> {
    return Promise.resolve(this.isLasting || !this.#used);
  }

  kill(): void {
    this.#process.kill();
  }

  /**
   * Aborted, it ends the render process and rejects with the signal's reason.
   * @throws DeadlineReached where the render process ran past `deadlineMs`; else as `Respondent.ask`.
   */
  async draw(job: ZygoteJob, deadlineMs: number, signal: AbortSignal): Promise<Remains> {
    signal.throwIfAborted();
    this.#used = true;
    const callOff = (): void => this.#process.tell(new Uint8Array());
    signal.addEventListener('abort', callOff, { once: true });
    try {
      const remains = remainsIn(await this.#process.ask({ ...job, seconds: deadlineMs / 1000 }));
      signal.throwIfAborted();
      if (remains.ending.end === 'deadline') throw new DeadlineReached();
      return remains;
    } finally {
      signal.removeEventListener('abort', callOff);
    }
  }
}

/** Draws a job on the standing zygote, which a render that is called off or runs too long does not cost. */
export function drawOnZygote(
  job: ZygoteJob,
  standing: Standing<PythonZygote>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<{ zygote: PythonZygote; remains: Remains | null }> {
  signal.throwIfAborted();
  return standing.use(deadlineMs + graceMs, new AbortController().signal, async (zygote) => {
    const remains = await zygote.draw(job, deadlineMs, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof RespondentDied) return null;
      throw error;
    });
    return { zygote, remains };
  });
}

async function launch(path: string, limits: ImageLimits, keeper: Keeper, temporaryFolder: string): Promise<Running> {
  const interpreter = await inspectInterpreter(path);
  return startWithFolder(keeper, temporaryFolder, 'python', (folder, isWalled) =>
    zygoteProgram(interpreter, limits, folder, isWalled),
  );
}

/** Bubblewrap's complaint of a folder that only its owner may enter, as a sentence with the remedy. */
function closedFolder(error: Error): Error | undefined {
  const [, folder] = /Can't find source path (.+): Permission denied/.exec(error.message) ?? [];
  if (folder === undefined) return undefined;
  const message = `The sandbox may not enter ${folder}: name a Python in PENTIMENTO_PYTHON that every account may read, below /opt for example.`;
  return new Error(message, { cause: error });
}

/** @throws RangeError where the zygote's own part of the frame is not as it should be. */
function remainsIn(frame: Uint8Array): Remains {
  const [own, rest] = headOf(frame);
  const ending = JSON.parse(Buffer.from(own).toString('utf8')) as Ending;
  try {
    const [head, content] = headOf(rest);
    return { ending, head: JSON.parse(Buffer.from(head).toString('utf8')) as unknown, content };
  } catch {
    return { ending, head: null, content: new Uint8Array() };
  }
}

function headOf(bytes: Uint8Array): [head: Uint8Array, rest: Uint8Array] {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  if (length > bytes.length - 4) throw new RangeError('The head is longer than what holds it.');
  return [bytes.subarray(4, 4 + length), bytes.subarray(4 + length)];
}
