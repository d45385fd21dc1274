import type { RunningProgram } from '../isolation/program.ts';
import { withDeadline } from '@pentimento/abort';
import { FrameReader, writeFrame } from './frames.ts';
import { MemoryExceeded } from './memory-exceeded.ts';
import type { ManagedProcess } from './warm-process.ts';

/** The process ended, or broke the protocol, before it answered. The message is the end of its stderr. */
export class RpcProcessExited extends Error {
  override name = 'RpcProcessExited';
}

export interface RpcProcessOptions {
  /** For error messages, e.g. "Python". */
  name: string;
  startMs: number;
  /** Of a frame that it may send. */
  maxFrameBytes: number;
}

/**
 * A process that sends a greeting in one frame on its stdout and then answers each frame on its stdin with a frame, one question at a
 * time. It is untrusted: a process that sends a frame unasked, or one that is too long, is killed.
 */
export class RpcProcess implements ManagedProcess {
  /** Settles once its whole tree is gone. */
  readonly ended: Promise<unknown>;
  readonly #program: RunningProgram;
  readonly #reader: FrameReader;
  #question: PromiseWithResolvers<Uint8Array> | undefined;

  private constructor(program: RunningProgram, maxFrameBytes: number) {
    this.#program = program;
    this.#reader = new FrameReader(maxFrameBytes);
    this.ended = program.ended;
    program.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void program.ended.then(() => this.#question?.reject(reasonOfEnd(program)));
  }

  /**
   * The process and its greeting, which is JSON.
   *
   * @throws Error with the last line of its stderr, where it does not start.
   */
  static async start<Greeting>(
    program: RunningProgram,
    { name, startMs, maxFrameBytes }: RpcProcessOptions,
  ): Promise<[RpcProcess, Greeting]> {
    const process = new RpcProcess(program, maxFrameBytes);
    try {
      const greeting = await withDeadline({ deadlineMs: startMs, kill: program.kill }, () => process.#answer());
      return [process, JSON.parse(Buffer.from(greeting).toString('utf8')) as Greeting];
    } catch (cause) {
      program.kill();
      await program.ended;
      const lastLine = program.stderrTail().trim().split('\n').at(-1);
      throw new Error(`${name} did not start: ${lastLine || 'it printed no error'}`, { cause });
    }
  }

  ready(): Promise<boolean> {
    return Promise.resolve(true);
  }

  kill(): void {
    this.#program.kill();
  }

  /** @throws RpcProcessExited; MemoryExceeded; RangeError where the answer claims too many bytes. */
  ask(question: object): Promise<Uint8Array> {
    const answer = this.#answer();
    this.send(Buffer.from(JSON.stringify(question)));
    return answer;
  }

  /** Sends a frame that has no answer. */
  send(frame: Uint8Array): void {
    this.#program.stdin.write(writeFrame(frame));
  }

  #answer(): Promise<Uint8Array> {
    this.#question = Promise.withResolvers();
    this.#program.setIdle(false);
    return this.#question.promise;
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#resolve(frame);
    } catch (error) {
      this.#question?.reject(error as Error);
      this.kill();
    }
  }

  #resolve(frame: Uint8Array): void {
    if (!this.#question) return this.kill();
    this.#program.setIdle(true);
    this.#question.resolve(frame);
    this.#question = undefined;
  }
}

const reasonOfEnd = (program: RunningProgram): Error =>
  program.exceededMemory() ? new MemoryExceeded() : new RpcProcessExited(program.stderrTail());
