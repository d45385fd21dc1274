import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Engine } from './document.ts';
import type { Cut } from './cuts.ts';
import { makeOwnFolder } from '@pentimento/sandbox';

const unpack = promisify(gunzip);
const mebibyte = 1024 * 1024;

/** As Debian installs them. */
const systemFormats: Record<Engine, string> = {
  pdflatex: '/var/lib/texmf/web2c/pdftex/pdflatex.fmt',
  xelatex: '/var/lib/texmf/web2c/xetex/xelatex.fmt',
  lualatex: '/var/lib/texmf/web2c/luahbtex/lualatex.fmt',
};

/** Renders of a beginning before its format is worth making: it costs as much as a render. */
const usesBeforeFormat = 2;
const countsKept = 10_000;

/** A file with a format, unpacked: TeX reads it in a third of the time. */
export interface Format {
  key: string;
  path: string;
  bytes: number;
  /** Jobs that are about to open it. */
  users: number;
}

/**
 * The formats of all slots, as files in a folder of this process. A format made from a model's code is as untrusted as the code:
 * it is only ever read by TeX in a sandbox, for a document that begins with the very text that it was made from.
 */
export class Formats {
  readonly #temporaryFolder: string;
  readonly #maxBytes: number;
  #folder: Promise<string> | undefined;
  readonly #system = new Map<Engine, Promise<Format | undefined>>();
  readonly #made = new Map<string, Format>();
  readonly #uses = new Map<string, number>();
  #count = 0;

  constructor(temporaryFolder: string, maxBytes = 512 * mebibyte) {
    this.#temporaryFolder = temporaryFolder;
    this.#maxBytes = maxBytes;
  }

  /** The engine's own format; undefined where it stands elsewhere, so that the engine finds it itself. */
  ofEngine(engine: Engine): Promise<Format | undefined> {
    const known = this.#system.get(engine) ?? this.#unpackSystem(engine).catch(() => undefined);
    this.#system.set(engine, known);
    return known;
  }

  ofCut(key: string): Format | undefined {
    const format = this.#made.get(key);
    if (format) {
      this.#made.delete(key);
      this.#made.set(key, format);
    }
    return format;
  }

  /** Counts a render of the cuts. Answers with the longest that has earned a format and has none. */
  wanted(cuts: Cut[]): Cut | undefined {
    for (const { key } of cuts) this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    while (this.#uses.size > countsKept) this.#uses.delete(this.#uses.keys().next().value!);
    return cuts.find(({ key }) => (this.#uses.get(key) ?? 0) >= usesBeforeFormat && !this.#made.has(key));
  }

  /** No format for this cut: with it a document came out otherwise than without. */
  spoil(key: string): void {
    this.#uses.set(key, -Infinity);
    this.#drop(key);
  }

  async keep(key: string, bytes: Uint8Array): Promise<void> {
    const format = await this.#write(key, bytes);
    // Spoiled meanwhile, or made by another slot as well.
    if ((this.#uses.get(key) ?? 0) < 0 || this.#made.has(key)) return this.#remove(format);
    this.#made.set(key, format);
    let total = [...this.#made.values()].reduce((sum, kept) => sum + kept.bytes, 0);
    for (const oldest of this.#made.values()) {
      if (total <= this.#maxBytes) break;
      total -= oldest.bytes;
      this.#drop(oldest.key);
    }
  }

  /** The file stays while `work` runs. */
  async holding<T>(format: Format | undefined, work: () => Promise<T>): Promise<T> {
    if (!format) return work();
    format.users++;
    try {
      return await work();
    } finally {
      format.users--;
      if (format.users === 0 && !this.#isKept(format)) this.#remove(format);
    }
  }

  async close(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #unpackSystem(engine: Engine): Promise<Format | undefined> {
    const path = systemFormats[engine];
    if (!existsSync(path)) return undefined;
    return this.#write(engine, await unpack(await readFile(path)));
  }

  async #write(key: string, bytes: Uint8Array): Promise<Format> {
    const path = join(await this.#ownFolder(), `${this.#count++}.fmt`);
    await writeFile(path, bytes, { mode: 0o644 });
    return { key, path, bytes: bytes.length, users: 0 };
  }

  /** Open to the accounts of the sandboxes. */
  #ownFolder(): Promise<string> {
    return (this.#folder ??= makeOwnFolder(this.#temporaryFolder, 'latex').then(async (folder) => {
      await chmod(folder, 0o755);
      return folder;
    }));
  }

  #isKept = (format: Format): boolean => this.#made.get(format.key) === format || format.key in systemFormats;

  #drop(key: string): void {
    const format = this.#made.get(key);
    this.#made.delete(key);
    if (format?.users === 0) this.#remove(format);
  }

  #remove({ path }: Format): void {
    void rm(path, { force: true }).catch(() => {});
  }
}
