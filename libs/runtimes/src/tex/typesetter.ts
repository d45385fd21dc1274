import { findExecutable, type Keeper, type Program, type Running, startWithFolder } from '@pentimento/sandbox';
import { ByteReader } from './byte-reader.ts';
import { dumping, type Cut } from './cuts.ts';
import type { Engine } from './document.ts';
import type { Format, Formats } from './formats.ts';
import { TexJob } from './tex-job.ts';
import { formatProgram, typesetProgram, versionsProgram } from './tex-program.ts';

const formatMs = 20_000;
const versionsMs = 30_000;
const maxFormatBytes = 64 * 1024 * 1024;
/** How long TeX waits ready for a document that may not come. */
const standbyMs = 120_000;

interface Standby {
  engine: Engine;
  format: Format | undefined;
  job: Promise<TexJob>;
  /** Its end is the end of the job. */
  life: AbortController;
  timer: NodeJS.Timeout;
}

/**
 * Starts the TeX of one slot: for each document a process of its own, the next one ready before it is asked for. No process is
 * started without the signal that ends it.
 */
export class Typesetter {
  readonly formats: Formats;
  readonly #keeper: Keeper;
  readonly #temporaryFolder: string;
  readonly #launches = new Set<Promise<Running>>();
  readonly #life = new AbortController();
  #standby: Standby | undefined;
  #upkeep: Promise<void> = Promise.resolve();
  #versions: Promise<string> | undefined;
  #turn = 0;

  constructor(keeper: Keeper, formats: Formats, temporaryFolder: string) {
    this.#keeper = keeper;
    this.formats = formats;
    this.#temporaryFolder = temporaryFolder;
  }

  /** A job that has the format, or that is about to load it. It is killed when `life` aborts. @throws JobDied where it does not start. */
  async job(engine: Engine, format: Format | undefined, life: AbortSignal): Promise<TexJob> {
    life.throwIfAborted();
    const standby = this.#standby;
    this.#standby = undefined;
    clearTimeout(standby?.timer);
    if (standby && standby.engine === engine && standby.format === format) {
      life.addEventListener('abort', () => standby.life.abort(), { once: true });
      const job = await standby.job.catch(() => undefined);
      if (job) return job;
      life.throwIfAborted();
    }
    standby?.life.abort();
    return this.#start(engine, format, life);
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
    this.#life.abort(new Error('The renderers are closed.'));
    clearTimeout(this.#standby?.timer);
    await this.#upkeep;
    const launched = await Promise.allSettled([...this.#launches]);
    await Promise.all(launched.map((launch) => launch.status === 'fulfilled' && launch.value.ended));
  }

  #stand(engine: Engine, format: Format | undefined): void {
    if (this.#life.signal.aborted || this.#standby) return;
    const life = new AbortController();
    const job = this.#start(engine, format, life.signal);
    job.catch(() => life.abort());
    const timer = setTimeout(() => {
      this.#standby = undefined;
      life.abort();
    }, standbyMs).unref();
    this.#standby = { engine, format, job, life, timer };
  }

  #start(engine: Engine, format: Format | undefined, life: AbortSignal): Promise<TexJob> {
    return this.formats.holding(format, async () =>
      TexJob.start(await this.#launch((folder) => typesetProgram(engine, format?.path, folder), life)),
    );
  }

  /** Undefined where the beginning makes no format. */
  async #make(cut: Cut): Promise<Format | undefined> {
    const known = this.formats.ofCut(cut.key);
    if (known) return known;
    const base = await this.formats.ofEngine('pdflatex');
    if (!base) return undefined;
    const bytes = await this.#dump(cut, base).catch(() => undefined);
    if (!bytes) {
      this.formats.spoil(cut.key);
      return undefined;
    }
    await this.formats.keep(cut.key, bytes);
    return this.formats.ofCut(cut.key);
  }

  async #dump(cut: Cut, base: Format): Promise<Uint8Array | undefined> {
    const life = lifeOf(formatMs);
    const source = Buffer.from(dumping(cut), 'utf8');
    try {
      const running = await this.#launch((folder) => formatProgram(base.path, folder), life.signal);
      running.stdin.write(`${source.length}\n`);
      running.stdin.end(source);
      const bytes = await new ByteReader(running.stdout).rest(maxFormatBytes);
      const { code } = await running.ended;
      return code === 0 ? bytes : undefined;
    } finally {
      life.end();
    }
  }

  async #askVersions(): Promise<string> {
    const text = await this.#versionsText();
    const [, tex, live] = /^pdfTeX [\d.]+-[\d.]+-([\d.]+) \(TeX Live (\d+)/m.exec(text) ?? [];
    const poppler = /pdftoppm version ([\d.]+)/.exec(text)?.[1];
    const trees = /^trees ([0-9a-f]{8})$/m.exec(text)?.[1];
    const isComplete = ['standalone.cls', 'pgfplots.sty', 'amsmath.sty'].every((name) => text.includes(`/${name}\n`));
    if (tex === undefined || poppler === undefined || trees === undefined || !isComplete) {
      throw new Error('pdfTeX, its packages for pictures, or poppler are not installed.');
    }
    return `pdftex-${tex} texlive-${live}-${trees} poppler-${poppler}`;
  }

  async #versionsText(): Promise<string> {
    const life = lifeOf(versionsMs);
    try {
      const running = await this.#launch(versionsProgram, life.signal);
      return (await new ByteReader(running.stdout).rest(4096)).toString('utf8');
    } finally {
      life.end();
    }
  }

  /** The process is killed when `life` aborts, and when the typesetter closes. */
  async #launch(program: (folder: string) => Program, life: AbortSignal): Promise<Running> {
    const either = AbortSignal.any([life, this.#life.signal]);
    either.throwIfAborted();
    const launch = startWithFolder(this.#keeper, this.#temporaryFolder, 'tex', program);
    this.#launches.add(launch);
    const forget = (): boolean => this.#launches.delete(launch);
    launch.then(({ ended }) => ended.then(forget), forget);
    const running = await launch;
    if (either.aborted) running.kill();
    either.addEventListener('abort', running.kill, { once: true });
    return running;
  }
}

/** A life that ends by itself after a time. */
function lifeOf(ms: number): { signal: AbortSignal; end(): void } {
  const life = new AbortController();
  const timer = setTimeout(() => life.abort(), ms);
  return {
    signal: life.signal,
    end: () => {
      clearTimeout(timer);
      life.abort();
    },
  };
}
