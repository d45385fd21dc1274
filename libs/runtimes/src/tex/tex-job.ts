import { withDeadline } from '@pentimento/abort';
import { MemoryExceeded, type RunningProgram } from '@pentimento/sandbox';
import { ByteReader } from './byte-reader.ts';
import type { TexReport } from './tex-log.ts';

/** The result of one run of TeX. All text comes from the untrusted process. */
export interface TexRun extends TexReport {
  /** Exit status; above 128 for the signal that ended it. */
  status: number;
  /** The layout of the first page, as pdftotext prints it; empty if there is no page. */
  layout: string;
}

/** The process ended before it answered. The message is the end of its stderr. */
export class TexJobExited extends Error {
  override name = 'TexJobExited';
}

const startMs = 30_000;
const maxReportBytes = 8 * 1024 * 1024;

/** One document in a sandbox of its own: TeX, and the programs that read the page that it makes. Its work may reject with MemoryExceeded. */
export class TexJob {
  readonly #program: RunningProgram;
  readonly #reader: ByteReader;

  private constructor(program: RunningProgram) {
    this.#program = program;
    this.#reader = new ByteReader(program.stdout);
  }

  /** Resolves once TeX loads its format. @throws TexJobExited where the sandbox does not start. */
  static async start(program: RunningProgram): Promise<TexJob> {
    const job = new TexJob(program);
    const line = withDeadline({ deadlineMs: startMs, kill: program.kill }, () => job.#reader.line(64));
    if ((await line.catch(() => undefined)) !== 'ready') throw await job.#exited();
    program.setIdle(true);
    return job;
  }

  kill(): void {
    this.#program.kill();
  }

  async typeset(source: string): Promise<TexRun> {
    const bytes = Buffer.from(source, 'utf8');
    this.#program.setIdle(false);
    this.#program.stdin.write(`${bytes.length}\n`);
    this.#program.stdin.write(bytes);
    return this.#report();
  }

  /** Runs TeX once more with the files that the last run wrote. */
  async typesetAgain(): Promise<TexRun> {
    this.#program.stdin.write('again\n');
    return this.#report();
  }

  /** The first page as a PPM. Ends the job. @throws RangeError where it exceeds `maxBytes`. */
  async renderPage(density: number, maxBytes: number): Promise<Uint8Array> {
    this.#program.stdin.write(`render ${density}\n`);
    this.#program.stdin.end();
    const image = await this.#reader.rest(maxBytes);
    const { code } = await this.#program.ended;
    if (code !== 0) throw await this.#exited();
    return image;
  }

  async #report(): Promise<TexRun> {
    const line = await this.#reader.line(128);
    const numbers = /^(\d{1,3}) (\d{1,9}) (\d{1,9}) (\d{1,9})$/
      .exec(line ?? '')
      ?.slice(1)
      .map(Number);
    if (!numbers) throw await this.#exited();
    const [status, log, terminal, layout] = numbers as [number, number, number, number];
    if (log + terminal + layout > maxReportBytes) throw await this.#exited();
    const bytes = await this.#reader.bytes(log + terminal + layout);
    if (!bytes) throw await this.#exited();
    const text = (from: number, length: number): string => bytes.toString('utf8', from, from + length);
    return { status, log: text(0, log), terminal: text(log, terminal), layout: text(log + terminal, layout) };
  }

  async #exited(): Promise<Error> {
    this.kill();
    await this.#program.ended;
    return this.#program.exceededMemory() ? new MemoryExceeded() : new TexJobExited(this.#program.stderrTail().trim());
  }
}
