import { withDeadline } from '@pentimento/abort';
import { MemoryExceeded, type RunningProgram } from '@pentimento/sandbox';
import { ByteReader } from './byte-reader.ts';
import type { TexReport } from './tex-log.ts';

/** The result of one run of TeX. All text comes from the untrusted process. */
export interface TexRun extends TexReport {
  /** Exit status; above 128 for the signal that ended it. */
  status: number;
}

/** A part of a page in pixels from its left top. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A part of a page in points (1/72 inch) from its left bottom, as PDF counts. */
export interface Box {
  left: number;
  bottom: number;
  right: number;
  top: number;
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

  /** The layout of a page of the last run, from 1, as pdftotext prints it; empty if there is no such page. */
  async layout(page: number): Promise<string> {
    const [layout] = await this.#ask(`layout ${page}`, 1, maxReportBytes);
    return layout!.toString('utf8');
  }

  /** Parts of a page as PGMs; one that is beyond the page is empty. @throws RangeError where they exceed `maxBytes`. */
  async grays(page: number, density: number, regions: readonly Region[], maxBytes: number): Promise<Buffer[]> {
    const numbers = regions.flatMap(({ left, top, width, height }) => [left, top, width, height]);
    return this.#ask(`gray ${[page, density, ...numbers].join(' ')}`, regions.length, maxBytes);
  }

  /** Makes a part of a page what is shown, as its only page. */
  crop(page: number, { left, bottom, right, top }: Box): void {
    this.#program.stdin.write(`crop ${[page, left, bottom, right, top].join(' ')}\n`);
  }

  /** A page of what is shown as a PPM. Ends the job. @throws RangeError where it exceeds `maxBytes`. */
  async renderPage(page: number, density: number, maxBytes: number): Promise<Uint8Array> {
    this.#program.stdin.write(`render ${page} ${density}\n`);
    this.#program.stdin.end();
    const image = await this.#reader.rest(maxBytes);
    const { code } = await this.#program.ended;
    if (code !== 0) throw await this.#exited();
    return image;
  }

  async #report(): Promise<TexRun> {
    const status = /^\d{1,3}$/.exec((await this.#reader.line(16)) ?? '')?.[0];
    if (status === undefined) throw await this.#exited();
    const [log, terminal] = await this.#files(2, maxReportBytes);
    return { status: Number(status), log: log!.toString('utf8'), terminal: terminal!.toString('utf8') };
  }

  async #ask(question: string, count: number, maxBytes: number): Promise<Buffer[]> {
    this.#program.stdin.write(`${question}\n`);
    return this.#files(count, maxBytes);
  }

  /** Files after a line with their sizes. */
  async #files(count: number, maxBytes: number): Promise<Buffer[]> {
    const sizes = (await this.#reader.line(128))?.split(' ') ?? [];
    if (sizes.length !== count || !sizes.every((size) => /^\d{1,9}$/.test(size))) throw await this.#exited();
    if (sizes.reduce((total, size) => total + Number(size), 0) > maxBytes) {
      this.kill();
      throw new RangeError('The answer is too long.');
    }
    const files: Buffer[] = [];
    for (const size of sizes) {
      const bytes = await this.#reader.bytes(Number(size));
      if (!bytes) throw await this.#exited();
      files.push(bytes);
    }
    return files;
  }

  async #exited(): Promise<Error> {
    this.kill();
    await this.#program.ended;
    return this.#program.exceededMemory() ? new MemoryExceeded() : new TexJobExited(this.#program.stderrTail().trim());
  }
}
