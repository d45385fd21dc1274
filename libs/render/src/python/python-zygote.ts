import { renderLimits } from '../limits.ts';
import { DeadlineReached } from '../sandbox/deadline.ts';
import { FrameReader, writeFrame } from '../sandbox/frames.ts';
import type { Keeper } from '../sandbox/keeper.ts';
import type { Running } from '../sandbox/program.ts';
import type { Child, Standing } from '../sandbox/standing.ts';
import { startWithFolder } from '../sandbox/start-with-folder.ts';
import { inspectInterpreter } from './interpreter.ts';
import { zygoteProgram } from './zygote-program.ts';

const startMs = 60_000;

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

/** The zygote ended in the middle of a render. */
export class ZygoteDied extends Error {
  override name = 'ZygoteDied';
}

/** One Python with the libraries loaded, which forks a shut-in process a render. Draws one at a time. */
export class PythonZygote implements Child {
  readonly ended: Promise<unknown>;
  readonly #running: Running;
  readonly #reader = new FrameReader(renderLimits.pngBytes + 1024 * 1024);
  #waiting: PromiseWithResolvers<Uint8Array> = Promise.withResolvers();
  #greeting: Greeting = { versions: {}, lasting: true };
  #used = false;

  private constructor(running: Running) {
    this.#running = running;
    this.ended = running.ended;
    this.#waiting.promise.catch(() => {});
    running.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void running.ended.then(() => this.#waiting.reject(new ZygoteDied(running.stderrTail())));
  }

  /**
   * @param path the interpreter's.
   * @throws Error with what the process said, where it does not start.
   */
  static async start(path: string, keeper: Keeper, temporaryFolder: string): Promise<PythonZygote> {
    const zygote = new PythonZygote(await launch(path, keeper, temporaryFolder));
    const timer = setTimeout(() => zygote.kill(), startMs);
    try {
      zygote.#greeting = JSON.parse(Buffer.from(await zygote.#waiting.promise).toString('utf8')) as Greeting;
      return zygote;
    } catch (cause) {
      zygote.kill();
      await zygote.ended;
      throw new Error(
        `Python did not start: ${zygote.#running.stderrTail().trim().split('\n').at(-1) || 'it said nothing'}`,
        { cause },
      );
    } finally {
      clearTimeout(timer);
    }
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
    this.#running.kill();
  }

  /**
   * Aborted, it ends the render process and rejects with the signal's reason.
   * @throws DeadlineReached where the render process ran past `deadlineMs`; ZygoteDied.
   */
  async draw(job: ZygoteJob, deadlineMs: number, signal: AbortSignal): Promise<Remains> {
    signal.throwIfAborted();
    this.#used = true;
    this.#waiting = Promise.withResolvers();
    const callOff = (): void => void this.#running.stdin.write(writeFrame(new Uint8Array()));
    signal.addEventListener('abort', callOff, { once: true });
    try {
      this.#running.stdin.write(writeFrame(Buffer.from(JSON.stringify({ ...job, seconds: deadlineMs / 1000 }))));
      const remains = remainsIn(await this.#waiting.promise);
      signal.throwIfAborted();
      if (remains.ending.end === 'deadline') throw new DeadlineReached();
      return remains;
    } finally {
      signal.removeEventListener('abort', callOff);
    }
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#waiting.resolve(frame);
    } catch (error) {
      this.#waiting.reject(error as Error);
      this.kill();
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
      if (error instanceof ZygoteDied) return null;
      throw error;
    });
    return { zygote, remains };
  });
}

async function launch(path: string, keeper: Keeper, temporaryFolder: string): Promise<Running> {
  const interpreter = await inspectInterpreter(path);
  return startWithFolder(keeper, temporaryFolder, 'python', (folder, isWalled) =>
    zygoteProgram(interpreter, folder, isWalled),
  );
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
