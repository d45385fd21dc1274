import { RpcProcess, rpcWorkerProgram, type SandboxLauncher, type WarmProcess } from '@pentimento/sandbox';

const options = { name: 'The reader of long code', startMs: 30_000, maxFrameBytes: 128 * 1024 * 1024 };

/** Longest code that is read on the event loop, characters: what reads code takes a few milliseconds for it. */
const maxShortLength = 65_536;

/** The worker of a reader. */
interface ReaderWorker {
  /** Path of an `RpcHandler` that answers with the JSON of what `read` returns. It runs no code but our own. */
  worker: string;
  /** Paths of the files that it imports. */
  files: string[];
}

/** A function of code that takes a time that grows with its length, and the worker that runs the same function. */
export interface CodeReader<Question extends { code: string }, Answer> extends ReaderWorker {
  read(question: Question): Answer;
}

/** Starts a reader's worker in the sandbox. It reads one piece of code at a time. @throws Error where it does not start. */
export async function startReader({ worker, files }: ReaderWorker, launcher: SandboxLauncher): Promise<RpcProcess> {
  const [process] = await RpcProcess.start(await launcher.start(rpcWorkerProgram(worker, files, [])), options);
  return process;
}

/** Reads short code at once, and long code in a process. @throws as `WarmProcess.use` and `RpcProcess.ask`. */
export async function readCode<Question extends { code: string }, Answer>(
  question: Question,
  reader: CodeReader<Question, Answer>,
  process: WarmProcess<RpcProcess>,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  if (question.code.length <= maxShortLength) return reader.read(question);
  const answer = await process.use(deadlineMs, signal, (running) => running.ask(question));
  return JSON.parse(Buffer.from(answer).toString('utf8')) as Answer;
}
