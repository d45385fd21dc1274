import { rm } from 'node:fs/promises';
import { findExecutable } from '../sandbox/executable.ts';
import type { Keeper } from '../sandbox/keeper.ts';
import { makeOwnFolder } from '../sandbox/own-folder.ts';
import type { Program, Running } from '../sandbox/program.ts';
import { ByteReader } from './byte-reader.ts';
import { dumping, type Cut } from './cuts.ts';
import type { Engine } from './document.ts';
import type { Format, Formats } from './formats.ts';
import { TexJob } from './tex-job.ts';
import { formatProgram, typesetProgram, versionsProgram } from './tex-program.ts';

const formatMs = 20_000;
const maxFormatBytes = 64 * 1024 * 1024;
/** How long TeX waits ready for a document that may not come. */
const standbyMs = 120_000;

interface Standby {
  engine: Engine;
  format: Format | undefined;
  job: Promise<TexJob>;
  timer: NodeJS.Timeout;
}

/** Starts the TeX of one slot: for each document a process of its own, the next one ready before it is asked for. */
export class Typesetter {
  readonly formats: Formats;
  readonly #keeper: Keeper;
  readonly #temporaryFolder: string;
  readonly #running = new Set<Running>();
  #standby: Standby | undefined;
  #upkeep: Promise<void> = Promise.resolve();
  #versions: Promise<string> | undefined;
  #turn = 0;
  #closed = false;

  constructor(keeper: Keeper, formats: Formats, temporaryFolder: string) {
    this.#keeper = keeper;
    this.formats = formats;
    this.#temporaryFolder = temporaryFolder;
  }

  /** A job that has the format, or that is about to load it. */
  async job(engine: Engine, format: Format | undefined): Promise<TexJob> {
    const standby = this.#standby;
    this.#standby = undefined;
    clearTimeout(standby?.timer);
    if (standby && standby.engine === engine && standby.format === format) {
      const job = await standby.job.catch(() => undefined);
      if (job) return job;
    } else {
      void standby?.job.then((job) => job.kill()).catch(() => {});
    }
    return this.#start(engine, format);
  }

  hasEngine(engine: Engine): boolean {
    return findExecutable([engine], '/usr/bin') !== undefined;
  }

  /** After a render: makes the format that is wanted, if any, and has TeX wait ready for the next document. */
  prepare(engine: Engine, format: Format | undefined, wanted: Cut | undefined): void {
    const turn = ++this.#turn;
    this.#upkeep = this.#upkeep.then(async () => {
      if (turn !== this.#turn) return;
      const made = wanted && (await this.#make(wanted).catch(() => undefined));
      this.#stand(engine, made ?? format);
    });
  }

  /** Settles once nothing is being prepared. */
  prepared(): Promise<void> {
    return this.#upkeep;
  }

  /** pdfTeX's, TeX Live's and poppler's version, and a digest of the files in TeX's trees. @throws Error where one of them does not run. */
  versions(): Promise<string> {
    const known = (this.#versions ??= this.#askVersions());
    known.catch(() => (this.#versions = undefined));
    return known;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#standby?.timer);
    for (const running of this.#running) running.kill();
    await this.#upkeep;
    await Promise.all([...this.#running].map((running) => running.ended));
  }

  #stand(engine: Engine, format: Format | undefined): void {
    if (this.#closed || this.#standby) return;
    const job = this.#start(engine, format);
    job.catch(() => {});
    const timer = setTimeout(() => {
      this.#standby = undefined;
      void job.then((unused) => unused.kill()).catch(() => {});
    }, standbyMs).unref();
    this.#standby = { engine, format, job, timer };
  }

  #start(engine: Engine, format: Format | undefined): Promise<TexJob> {
    return this.formats.holding(format, async () =>
      TexJob.start(await this.#launch((folder) => typesetProgram(engine, format?.path, folder))),
    );
  }

  /** Undefined where the beginning makes no format. */
  async #make(cut: Cut): Promise<Format | undefined> {
    const known = this.formats.ofCut(cut.key);
    if (known) return known;
    const base = await this.formats.ofEngine('pdflatex');
    if (!base || this.#closed) return undefined;
    const bytes = await this.#dump(cut, base).catch(() => undefined);
    if (!bytes) {
      this.formats.spoil(cut.key);
      return undefined;
    }
    await this.formats.keep(cut.key, bytes);
    return this.formats.ofCut(cut.key);
  }

  async #dump(cut: Cut, base: Format): Promise<Uint8Array | undefined> {
    const running = await this.#launch((folder) => formatProgram(base.path, folder));
    const timer = setTimeout(running.kill, formatMs);
    const source = Buffer.from(dumping(cut), 'utf8');
    running.stdin.write(`${source.length}\n`);
    running.stdin.end(source);
    try {
      const bytes = await new ByteReader(running.stdout).rest(maxFormatBytes);
      const { code } = await running.ended;
      return code === 0 ? bytes : undefined;
    } finally {
      clearTimeout(timer);
      running.kill();
    }
  }

  async #askVersions(): Promise<string> {
    const running = await this.#launch(versionsProgram);
    const text = (await new ByteReader(running.stdout).rest(4096)).toString('utf8');
    const [, tex, live] = /^pdfTeX [\d.]+-[\d.]+-([\d.]+) \(TeX Live (\d+)/m.exec(text) ?? [];
    const poppler = /pdftoppm version ([\d.]+)/.exec(text)?.[1];
    const trees = /^trees ([0-9a-f]{8})$/m.exec(text)?.[1];
    const isComplete = ['standalone.cls', 'pgfplots.sty', 'amsmath.sty'].every((name) => text.includes(`/${name}\n`));
    if (tex === undefined || poppler === undefined || trees === undefined || !isComplete) {
      throw new Error('pdfTeX, its packages for pictures, or poppler are not installed.');
    }
    return `pdftex-${tex} texlive-${live}-${trees} poppler-${poppler}`;
  }

  /** In the sandbox everything is written to its own /tmp; without one, to a folder that goes with the process. */
  async #launch(program: (folder: string) => Program): Promise<Running> {
    const { isolation } = await this.#keeper.isolated();
    const folder = isolation === 'sandbox' ? '/tmp' : await makeOwnFolder(this.#temporaryFolder, 'tex');
    const started = await this.#keeper.start(program(folder));
    const ended =
      isolation === 'sandbox'
        ? started.ended
        : started.ended.finally(() => rm(folder, { recursive: true, force: true }).catch(() => {}));
    const running = { ...started, ended };
    if (this.#closed) running.kill();
    this.#running.add(running);
    void ended.then(() => this.#running.delete(running));
    return running;
  }
}
