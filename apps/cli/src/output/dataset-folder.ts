import { createHash } from 'node:crypto';
import type { BlobId } from '@pentimento/contracts';
import { access, mkdir, open, rename, rm, rmdir, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { reason } from '../input/files.ts';
import { CliError } from '../terminal/cli-error.ts';

/** In the order in which they get their final names: the table last, so that it is there only when everything is. */
const parts = ['images', 'drops.jsonl', 'pairs.jsonl'] as const;
type Table = 'pairs' | 'drops';

/**
 * A folder with `pairs.jsonl`, `drops.jsonl` and `images/SHA256.png` that is written below `.partial` and gets its final names once it is
 * whole. What a killed run left there is removed when the folder is opened again.
 */
export class DatasetFolder {
  readonly #folder: string;
  readonly #partial: string;
  readonly #tables: Record<Table, FileHandle>;
  readonly #images = new Set<BlobId>();

  private constructor(folder: string, tables: Record<Table, FileHandle>) {
    this.#folder = folder;
    this.#partial = partialOf(folder);
    this.#tables = tables;
  }

  /** Throws a CliError where the folder cannot be written, or holds a finished dataset or other files of these names. */
  static open(folder: string): Promise<DatasetFolder> {
    return inFolder(folder, async () => {
      await mkdir(folder, { recursive: true });
      await prepare(folder);
      await mkdir(join(partialOf(folder), 'images'), { recursive: true });
      const [pairs, drops] = await Promise.all(
        ['pairs.jsonl', 'drops.jsonl'].map((name) => open(join(partialOf(folder), name), 'w')),
      );
      return new DatasetFolder(folder, { pairs: pairs!, drops: drops! });
    });
  }

  append(table: Table, row: unknown): Promise<void> {
    return inFolder(this.#folder, () => this.#tables[table].appendFile(`${JSON.stringify(row)}\n`));
  }

  /** Keeps a PNG once, under its SHA-256. */
  async putImage(png: Uint8Array): Promise<BlobId> {
    const id = createHash('sha256').update(png).digest('hex');
    if (this.#images.has(id)) return id;
    this.#images.add(id);
    await inFolder(this.#folder, () => writeFile(join(this.#partial, 'images', `${id}.png`), png));
    return id;
  }

  /** Gives everything its final name. */
  publish(): Promise<void> {
    return inFolder(this.#folder, async () => {
      for (const table of Object.values(this.#tables)) {
        await table.sync();
        await table.close();
      }
      for (const part of parts) await rename(join(this.#partial, part), join(this.#folder, part));
      await rmdir(this.#partial);
    });
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    for (const table of Object.values(this.#tables)) await table.close();
    await rm(this.#partial, { recursive: true, force: true });
  }
}

/** Throws a CliError in place of an error of the file system. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`The folder ${folder} cannot be written: ${reason(cause)}.`, { cause });
  }
}

const partialOf = (folder: string): string => join(folder, '.partial');

async function prepare(folder: string): Promise<void> {
  const found = await Promise.all(parts.map(async (part) => ((await exists(join(folder, part))) ? part : undefined)));
  const present = found.filter((part) => part !== undefined);
  const isInterrupted = (await exists(partialOf(folder))) && !present.includes('pairs.jsonl');
  if (present.length > 0 && !isInterrupted) {
    throw new CliError(
      `The folder ${folder} already holds ${present.at(-1)}: name another folder, or delete it first.`,
    );
  }
  for (const part of [...present, '.partial']) await rm(join(folder, part), { recursive: true, force: true });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
