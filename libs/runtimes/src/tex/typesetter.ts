import { withDeadline } from '@pentimento/abort';
import {
  findExecutable,
  startWithFolder,
  type Program,
  type RunningProgram,
  type SandboxLauncher,
} from '@pentimento/sandbox';
import { ByteReader } from './byte-reader.ts';
import type { Engine } from './engine.ts';
import { hasSystemFormat, type Format, type FormatCache } from './format-cache.ts';
import { formatSource, type PreamblePrefix } from './preamble-prefix.ts';
import { TexJob } from './tex-job.ts';
import { formatProgram, typesetProgram, versionsProgram } from './tex-program.ts';

/** Longest time in which TeX makes a format. `format-job.sh` bounds its processor time, which no other work on the machine lengthens. */
const formatMs = 15_000;
const versionsMs = 30_000;
const maxFormatBytes = 64 * 1024 * 1024;
/** How long TeX waits for a document that may not come. */
const standbyMs = 120_000;

interface Standby {
  engine: Engine;
  format: Format | undefined;
  job: Promise<TexJob>;
  /** Ends the job. */
  lifetime: AbortController;
  timer: NodeJS.Timeout;
}

/**
 * Starts TeX, in a process of its own for each document. The next one is started before it is needed. Every process has a signal that
 * ends it.
 */
export class Typesetter {
  readonly formats: FormatCache;
  readonly #launcher: SandboxLauncher;
  readonly #temporaryFolder: string;
  readonly #launches = new Set<Promise<RunningProgram>>();
  readonly #lifetime = new AbortController();
  #standby: Standby | undefined;
  /** The prefix of which a format is to be made next. */
  #wanted: { engine: Engine; prefix: PreamblePrefix } | undefined;
  #preparing: Promise<void> | undefined;
  #versions: Promise<string> | undefined;

  constructor(launcher: SandboxLauncher, formats: FormatCache, temporaryFolder: string) {
    this.#launcher = launcher;
    this.formats = formats;
    this.#temporaryFolder = temporaryFolder;
  }

  /** A job that has loaded the format, or is about to. It is killed when `lifetime` aborts. @throws TexJobExited where it does not start. */
  async job(engine: Engine, format: Format | undefined, lifetime: AbortSignal): Promise<TexJob> {
    lifetime.throwIfAborted();
    const standby = this.#standby;
    this.#standby = undefined;
    clearTimeout(standby?.timer);
    if (standby && standby.engine === engine && standby.format === format) {
      lifetime.addEventListener('abort', () => standby.lifetime.abort(), { once: true });
      const job = await standby.job.catch(() => undefined);
      if (job) return job;
      lifetime.throwIfAborted();
    }
    standby?.lifetime.abort();
    return this.#start(engine, format, lifetime);
  }

  hasEngine(engine: Engine): boolean {
    return findExecutable([engine], '/usr/bin') !== undefined && hasSystemFormat(engine);
  }

  /** Called after a render: starts TeX for the next document, and makes a format of the wanted prefix, if any. */
  prepare(engine: Engine, format: Format | undefined, wanted: PreamblePrefix | undefined): void {
    this.#startStandby(engine, format);
    // Only the last of the prefixes that wait is worth its time.
    this.#wanted = wanted && { engine, prefix: wanted };
    if (wanted) this.#preparing ??= this.#makeWanted().finally(() => (this.#preparing = undefined));
  }

  /** Settles once nothing is being prepared. */
  async prepared(): Promise<void> {
    await this.#preparing;
  }

  async #makeWanted(): Promise<void> {
    while (this.#wanted && !this.#lifetime.signal.aborted) {
      const { engine, prefix } = this.#wanted;
      this.#wanted = undefined;
      const made = await this.formats.making(() => this.#make(prefix)).catch(() => undefined);
      if (made) this.#restartStandby(engine, made);
    }
  }

  /** Versions of pdfTeX, TeX Live and poppler, and a digest of TeX's files. @throws Error where one of them does not run. */
  versions(): Promise<string> {
    const known = (this.#versions ??= this.#findVersions());
    known.catch(() => (this.#versions = undefined));
    return known;
  }

  async close(): Promise<void> {
    this.#lifetime.abort(new Error('The renderers are closed.'));
    clearTimeout(this.#standby?.timer);
    await this.prepared();
    const launched = await Promise.allSettled([...this.#launches]);
    await Promise.all(launched.map((launch) => launch.status === 'fulfilled' && launch.value.ended));
  }

  #startStandby(engine: Engine, format: Format | undefined): void {
    if (this.#lifetime.signal.aborted || this.#standby) return;
    const lifetime = new AbortController();
    const job = this.#start(engine, format, lifetime.signal);
    job.catch(() => lifetime.abort());
    const timer = setTimeout(() => this.#endStandby(), standbyMs).unref();
    this.#standby = { engine, format, job, lifetime, timer };
  }

  /** Starts TeX again with a new format, if it still waits for a document. */
  #restartStandby(engine: Engine, format: Format): void {
    const standby = this.#standby;
    if (standby?.engine !== engine) return;
    this.#endStandby();
    this.#startStandby(engine, format);
  }

  #endStandby(): void {
    clearTimeout(this.#standby?.timer);
    this.#standby?.lifetime.abort();
    this.#standby = undefined;
  }

  #start(engine: Engine, format: Format | undefined, lifetime: AbortSignal): Promise<TexJob> {
    return this.formats.whileUsing(format, async () =>
      TexJob.start(await this.#launch((folder) => typesetProgram(engine, format?.path, folder), lifetime)),
    );
  }

  /** Undefined if TeX makes no format of the prefix. */
  async #make(prefix: PreamblePrefix): Promise<Format | undefined> {
    // Another slot may have tried in the meantime.
    if (!this.formats.isMissing(prefix.key)) return this.formats.get(prefix.key);
    const base = await this.formats.ofEngine('pdflatex');
    if (!base) return undefined;
    const bytes = await this.#dumpFormat(prefix, base).catch(() => undefined);
    if (!bytes) {
      this.formats.disable(prefix.key);
      return undefined;
    }
    await this.formats.add(prefix.key, bytes);
    return this.formats.get(prefix.key);
  }

  async #dumpFormat(prefix: PreamblePrefix, base: Format): Promise<Uint8Array | undefined> {
    const source = Buffer.from(formatSource(prefix), 'utf8');
    return this.#run(
      (folder) => formatProgram(base.path, folder),
      formatMs,
      async ({ stdin, stdout, ended }) => {
        stdin.write(`${source.length}\n`);
        stdin.end(source);
        const bytes = await new ByteReader(stdout).rest(maxFormatBytes);
        return (await ended).code === 0 ? bytes : undefined;
      },
    );
  }

  async #findVersions(): Promise<string> {
    const text = await this.#run(versionsProgram, versionsMs, async ({ stdout }) =>
      (await new ByteReader(stdout).rest(4096)).toString('utf8'),
    );
    const [, tex, live] = /^pdfTeX [\d.]+-[\d.]+-([\d.]+) \(TeX Live (\d+)/m.exec(text) ?? [];
    const poppler = /pdftoppm version ([\d.]+)/.exec(text)?.[1];
    const trees = /^trees ([0-9a-f]{8})$/m.exec(text)?.[1];
    const isComplete = ['standalone.cls', 'pgfplots.sty', 'amsmath.sty'].every((name) => text.includes(`/${name}\n`));
    if (tex === undefined || poppler === undefined || trees === undefined || !isComplete) {
      throw new Error('pdfTeX, its packages for graphics, or poppler are not installed.');
    }
    return `pdftex-${tex} texlive-${live}-${trees} poppler-${poppler}`;
  }

  /** Runs a program until `read` has what it needs of its output. */
  async #run<T>(
    program: (folder: string) => Program,
    deadlineMs: number,
    read: (running: RunningProgram) => Promise<T>,
  ): Promise<T> {
    const running = await this.#launch(program, this.#lifetime.signal);
    try {
      return await withDeadline({ deadlineMs }, () => read(running));
    } finally {
      running.kill();
    }
  }

  /** The process is killed when `lifetime` aborts, and when the typesetter closes. */
  async #launch(program: (folder: string) => Program, lifetime: AbortSignal): Promise<RunningProgram> {
    const either = AbortSignal.any([lifetime, this.#lifetime.signal]);
    either.throwIfAborted();
    const launch = startWithFolder(this.#launcher, this.#temporaryFolder, 'tex', program);
    this.#launches.add(launch);
    const forget = (): boolean => this.#launches.delete(launch);
    launch.then(({ ended }) => ended.then(forget), forget);
    const running = await launch;
    if (either.aborted) running.kill();
    either.addEventListener('abort', running.kill, { once: true });
    return running;
  }
}
