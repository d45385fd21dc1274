import type { Running } from '@pentimento/sandbox';
import { ByteReader } from './byte-reader.ts';
import type { TexReport } from './tex-log.ts';

/** What a run of TeX came to. Every text is the untrusted process's. */
export interface TexRun extends TexReport {
  /** Exit status; above 128 for the signal that ended it. */
  status: number;
  /** The first page as pdftotext lays it out; empty where there is none. */
  layout: string;
}

/** The process ended where it owed an answer. */
export class JobDied extends Error {
  override name = 'JobDied';
}

const startMs = 30_000;
const longestReport = 8 * 1024 * 1024;

/** One document in a sandbox of its own: TeX, then what reads the page that it made. */
export class TexJob {
  readonly #running: Running;
  readonly #reader: ByteReader;

  private constructor(running: Running) {
    this.#running = running;
    this.#reader = new ByteReader(running.stdout);
  }

  /** Settles once TeX is loading. @throws JobDied where the sandbox does not start. */
  static async start(running: Running): Promise<TexJob> {
    const job = new TexJob(running);
    const timer = setTimeout(running.kill, startMs);
    const word = await job.#reader.line(64).finally(() => clearTimeout(timer));
    if (word !== 'ready') throw job.#death();
    return job;
  }

  kill(): void {
    this.#running.kill();
  }

  async typeset(source: string): Promise<TexRun> {
    const bytes = Buffer.from(source, 'utf8');
    this.#running.stdin.write(`${bytes.length}\n`);
    this.#running.stdin.write(bytes);
    return this.#report();
  }

  /** Runs TeX once more over what the run before left behind. */
  async typesetAgain(): Promise<TexRun> {
    this.#running.stdin.write('again\n');
    return this.#report();
  }

  /** The first page as a PPM. Ends the job. @throws RangeError where that is more than `maxBytes`. */
  async draw(density: number, maxBytes: number): Promise<Uint8Array> {
    this.#running.stdin.write(`draw ${density}\n`);
    this.#running.stdin.end();
    const image = await this.#reader.rest(maxBytes);
    const { code } = await this.#running.ended;
    if (code !== 0) throw this.#death();
    return image;
  }

  async #report(): Promise<TexRun> {
    const line = await this.#reader.line(128);
    const numbers = /^(\d{1,3}) (\d{1,9}) (\d{1,9}) (\d{1,9})$/
      .exec(line ?? '')
      ?.slice(1)
      .map(Number);
    if (!numbers) throw this.#death();
    const [status, log, terminal, layout] = numbers as [number, number, number, number];
    if (log + terminal + layout > longestReport) throw this.#death();
    const bytes = await this.#reader.bytes(log + terminal + layout);
    if (!bytes) throw this.#death();
    const text = (from: number, length: number): string => bytes.toString('utf8', from, from + length);
    return { status, log: text(0, log), terminal: text(log, terminal), layout: text(log + terminal, layout) };
  }

  #death(): JobDied {
    return new JobDied(this.#running.stderrTail().trim());
  }
}
