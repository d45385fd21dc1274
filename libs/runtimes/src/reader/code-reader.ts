import {
  RpcProcess,
  rpcWorkerProgram,
  type ManagedProcess,
  type SandboxLauncher,
  type WarmProcess,
} from '@pentimento/sandbox';

const options = { name: 'The reader of long code', startMs: 30_000, maxFrameBytes: 128 * 1024 * 1024 };

/** Longest code that is read on the event loop, characters: what reads code takes a few milliseconds for it. */
const maxShortLength = 65_536;

/** A function of code that takes a time that grows with its length, and the worker that runs the same function. */
export interface CodeReader<Question extends { code: string }, Answer> {
  read(question: Question): Answer;
  /** Path of an `RpcHandler` that answers with the JSON of what `read` returns. It runs no code but our own. */
  worker: string;
  /** Paths of the files that it imports. */
  files: string[];
}

/** A process in the sandbox that reads one piece of code at a time. */
export class ReaderProcess<Question extends object, Answer> implements ManagedProcess {
  readonly #process: RpcProcess;

  private constructor(process: RpcProcess) {
    this.#process = process;
  }

  /** @throws Error where it does not start. */
  static async start<Question extends { code: string }, Answer>(
    { worker, files }: CodeReader<Question, Answer>,
    launcher: SandboxLauncher,
  ): Promise<ReaderProcess<Question, Answer>> {
    const program = await launcher.start(rpcWorkerProgram(worker, files, []));
    const [process] = await RpcProcess.start(program, options);
    return new ReaderProcess(process);
  }

  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }

  kill(): void {
    this.#process.kill();
  }

  /** Rejects as `RpcProcess.ask`. */
  async read(question: Question): Promise<Answer> {
    return JSON.parse(Buffer.from(await this.#process.ask(question)).toString('utf8')) as Answer;
  }
}

/** Reads short code at once, and long code in a process. @throws as `WarmProcess.use`. */
export async function readCode<Question extends { code: string }, Answer>(
  question: Question,
  reader: CodeReader<Question, Answer>,
  process: WarmProcess<ReaderProcess<Question, Answer>>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  if (question.code.length <= maxShortLength) return reader.read(question);
  return process.use(deadlineMs, signal, (running) => running.read(question));
}
