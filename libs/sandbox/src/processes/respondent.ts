import { FrameReader, writeFrame } from './frames.ts';
import type { Running } from '../isolation/program.ts';

/** The process ended, or said what nobody asked for, before it answered. The message is the end of its stderr. */
export class RespondentDied extends Error {
  override name = 'RespondentDied';
}

/** What it takes to start one. */
export interface RespondentOptions {
  /** What it is in a sentence, e.g. "Python". */
  name: string;
  startMs: number;
  /** Longest frame that it may send, bytes. */
  maxFrameBytes: number;
}

/**
 * A process that greets with one frame on its stdout and then answers a frame on its stdin with a frame, one question at a time. It is
 * untrusted: one that speaks unasked, or too much at once, is killed.
 */
export class Respondent {
  /** Settles once its whole tree is gone. */
  readonly ended: Promise<unknown>;
  readonly #running: Running;
  readonly #reader: FrameReader;
  #question: PromiseWithResolvers<Uint8Array> | undefined;

  private constructor(running: Running, maxFrameBytes: number) {
    this.#running = running;
    this.#reader = new FrameReader(maxFrameBytes);
    this.ended = running.ended;
    running.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    void running.ended.then(() => this.#question?.reject(new RespondentDied(running.stderrTail())));
  }

  /**
   * The process and its greeting, JSON.
   *
   * @throws Error with the last line that the process said, where it does not start.
   */
  static async start<Greeting>(
    running: Running,
    { name, startMs, maxFrameBytes }: RespondentOptions,
  ): Promise<[Respondent, Greeting]> {
    const respondent = new Respondent(running, maxFrameBytes);
    const timer = setTimeout(running.kill, startMs);
    try {
      const greeting = await respondent.#answer();
      return [respondent, JSON.parse(Buffer.from(greeting).toString('utf8')) as Greeting];
    } catch (cause) {
      running.kill();
      await running.ended;
      const said = running.stderrTail().trim().split('\n').at(-1);
      throw new Error(`${name} did not start: ${said || 'it said nothing'}`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  kill(): void {
    this.#running.kill();
  }

  /** @throws RespondentDied; RangeError where the answer claims too many bytes. */
  ask(question: object): Promise<Uint8Array> {
    const answer = this.#answer();
    this.tell(Buffer.from(JSON.stringify(question)));
    return answer;
  }

  /** Says what is not answered. */
  tell(frame: Uint8Array): void {
    this.#running.stdin.write(writeFrame(frame));
  }

  #answer(): Promise<Uint8Array> {
    this.#question = Promise.withResolvers();
    return this.#question.promise;
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#take(frame);
    } catch (error) {
      this.#question?.reject(error as Error);
      this.kill();
    }
  }

  #take(frame: Uint8Array): void {
    if (!this.#question) return this.kill();
    this.#question.resolve(frame);
    this.#question = undefined;
  }
}
