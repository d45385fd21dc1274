import { createHash } from 'node:crypto';
import { flawTableIds, type BlobId } from '@pentimento/contracts';
import type { TableFile } from '@pentimento/traces/tables';
import { access, mkdir, open, readFile, rename, rm, rmdir, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { reason } from '../input/files.ts';
import { CliError } from '../terminal/cli-error.ts';

/** In the order in which they get their final names: the pairs last, so that they are there only when everything is. */
const parts = ['images', ...flawTableIds.map((id) => `${id}.parquet`), 'drops.jsonl', 'pairs.jsonl'];
type Table = 'pairs' | 'drops';

/**
 * A folder with `pairs.jsonl`, `drops.jsonl`, `images/SHA256.png` and Parquet files that is written below `.partial` and gets its final
 * names once it is whole. What a killed run left there is removed when the folder is opened again.
 */
export class DatasetFolder {
  readonly #folder: string;
  readonly #partial: string;
  readonly #files: FileHandle[] = [];
  #tables!: Record<Table, TableFile>;
  readonly #images = new Set<BlobId>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#partial = partialOf(folder);
  }

  /** Throws a CliError where the folder cannot be written, or holds a finished dataset or other files of these names. */
  static open(folder: string): Promise<DatasetFolder> {
    return inFolder(folder, async () => {
      await mkdir(folder, { recursive: true });
      await prepare(folder);
      await mkdir(join(partialOf(folder), 'images'), { recursive: true });
      const opened = new DatasetFolder(folder);
      opened.#tables = { pairs: await opened.openFile('pairs.jsonl'), drops: await opened.openFile('drops.jsonl') };
      return opened;
    });
  }

  async append(table: Table, row: unknown): Promise<void> {
    await this.#tables[table].write(`${JSON.stringify(row)}\n`);
  }

  /** One of the Parquet files. It stays open until everything is published. */
  async openFile(name: string): Promise<TableFile> {
    const file = await inFolder(this.#folder, () => open(join(this.#partial, name), 'w'));
    this.#files.push(file);
    return {
      write: (data) => inFolder(this.#folder, () => file.appendFile(data)),
      close: () => Promise.resolve(),
    };
  }

  /** Keeps a PNG once, under its SHA-256. */
  async putImage(png: Uint8Array): Promise<BlobId> {
    const id = createHash('sha256').update(png).digest('hex');
    if (this.#images.has(id)) return id;
    this.#images.add(id);
    await inFolder(this.#folder, () => writeFile(join(this.#partial, 'images', `${id}.png`), png));
    return id;
  }

  /** The PNG that was kept under this id; null where there is none. */
  async readImage(id: BlobId): Promise<Uint8Array | null> {
    if (!this.#images.has(id)) return null;
    return inFolder(this.#folder, () => readFile(join(this.#partial, 'images', `${id}.png`)));
  }

  /** Gives everything its final name. */
  publish(): Promise<void> {
    return inFolder(this.#folder, async () => {
      for (const file of this.#files) {
        await file.sync();
        await file.close();
      }
      for (const part of parts) {
        if (await exists(join(this.#partial, part))) await rename(join(this.#partial, part), join(this.#folder, part));
      }
      await rmdir(this.#partial);
    });
  }

  /** Removes what was written. */
  async discard(): Promise<void> {
    for (const file of this.#files) await file.close();
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
