import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { makeOwnFolder } from '@pentimento/sandbox';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Engine } from './engine.ts';
import type { PreamblePrefix } from './preamble-prefix.ts';

const unpack = promisify(gunzip);
const mebibyte = 1024 * 1024;

/** Where Debian installs them. */
const systemFormats: Record<Engine, string> = {
  pdflatex: '/var/lib/texmf/web2c/pdftex/pdflatex.fmt',
  xelatex: '/var/lib/texmf/web2c/xetex/xelatex.fmt',
  lualatex: '/var/lib/texmf/web2c/luahbtex/lualatex.fmt',
};

/**
 * Whether an engine whose program is there can load its format. Debian has the program lualatex in another package than what it
 * loads. A TeX that keeps its formats elsewhere finds them itself.
 */
export const hasSystemFormat = (engine: Engine): boolean =>
  existsSync(systemFormats[engine]) || !existsSync('/var/lib/texmf/web2c');

/** Renders with a prefix before a format is made of it, which takes as long as a render. */
const usesBeforeFormat = 2;
const maxCounts = 10_000;

/** A file with a format. It is not compressed, so that TeX reads it in a third of the time. */
export interface Format {
  key: string;
  path: string;
  bytes: number;
  /** Jobs that are about to open it. */
  users: number;
}

/**
 * TeX formats as files in a folder of this process, for all slots. A format made from a model's code is as untrusted as the code: only
 * TeX in a sandbox reads it, and only for a document that begins with exactly the text that it was made from.
 */
export class FormatCache {
  /** Runs what makes a format, one at a time for all slots: no render of theirs waits for it. */
  readonly making = pLimit(1);
  readonly #temporaryFolder: string;
  #folder: Promise<string> | undefined;
  readonly #system = new Map<Engine, Promise<Format | undefined>>();
  readonly #formats: LRUCache<string, Format>;
  /** Renders by prefix; -Infinity for a prefix that must have no format. */
  readonly #uses = new LRUCache<string, number>({ max: maxCounts });
  #count = 0;

  /** @param maxBytes bound on all formats except the system's; the least recently used are removed first. */
  constructor(temporaryFolder: string, maxBytes = 512 * mebibyte) {
    this.#temporaryFolder = temporaryFolder;
    this.#formats = new LRUCache<string, Format>({
      maxSize: maxBytes,
      sizeCalculation: ({ bytes }) => bytes,
      disposeAfter: (format) => this.#removeUnused(format),
    });
  }

  /** The engine's own format; undefined where it is elsewhere, so that the engine finds it itself. */
  ofEngine(engine: Engine): Promise<Format | undefined> {
    const known = this.#system.get(engine) ?? this.#unpackSystem(engine).catch(() => undefined);
    this.#system.set(engine, known);
    return known;
  }

  /** The format of a prefix, by the prefix's key. */
  get(key: string): Format | undefined {
    return this.#formats.get(key);
  }

  /** Counts a render of a document with these prefixes. Returns the longest that was used often enough for a format and has none. */
  wanted(prefixes: PreamblePrefix[]): PreamblePrefix | undefined {
    for (const { key } of prefixes) this.#uses.set(key, this.#usesOf(key) + 1);
    return prefixes.find(({ key }) => this.#usesOf(key) >= usesBeforeFormat && !this.#formats.has(key));
  }

  /** Whether a prefix may have a format and has none. */
  isMissing(key: string): boolean {
    return this.#usesOf(key) >= 0 && !this.#formats.has(key);
  }

  /** Removes the format of a prefix and never makes another: TeX made none, or a document rendered differently with it. */
  disable(key: string): void {
    this.#uses.set(key, -Infinity);
    this.#formats.delete(key);
  }

  async add(key: string, bytes: Uint8Array): Promise<void> {
    const format = await this.#write(key, bytes);
    // In the meantime it may have been disabled, or made by another slot.
    if (this.isMissing(key)) this.#formats.set(key, format);
    this.#removeUnused(format);
  }

  /** Keeps the format's file while `work` runs. */
  async whileUsing<T>(format: Format | undefined, work: () => Promise<T>): Promise<T> {
    if (!format) return work();
    format.users++;
    try {
      return await work();
    } finally {
      format.users--;
      this.#removeUnused(format);
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

  /** Readable by the users of the sandboxes. */
  #ownFolder(): Promise<string> {
    return (this.#folder ??= makeOwnFolder(this.#temporaryFolder, 'latex').then(async (folder) => {
      await chmod(folder, 0o755);
      return folder;
    }));
  }

  #usesOf(key: string): number {
    return this.#uses.get(key) ?? 0;
  }

  /** Removes the file of a format that is neither in use nor kept. */
  #removeUnused(format: Format): void {
    const isKept = this.#formats.peek(format.key) === format || format.key in systemFormats;
    if (format.users === 0 && !isKept) void rm(format.path, { force: true }).catch(() => {});
  }
}
