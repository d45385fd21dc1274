import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { v4 as uuid } from 'uuid';

/** Content up to so many bytes stays in memory. */
const maxInMemory = 1024 * 1024;

/** Content that is written once and then read. On disk it has no name, so that a process that is killed leaves nothing behind. */
export class TemporaryFile {
  private chunks: Uint8Array[] = [];
  private file: FileHandle | undefined;
  bytes = 0;

  constructor(private readonly folder: string) {}

  async write(chunk: Uint8Array): Promise<void> {
    this.bytes += chunk.byteLength;
    // The caller may use its buffer again.
    if (!this.file) this.chunks.push(Uint8Array.from(chunk));
    else await this.file.writeFile(chunk);
    if (!this.file && this.bytes > maxInMemory) await this.moveToDisk();
  }

  /** All that was written. */
  async *read(): AsyncGenerator<Uint8Array> {
    if (this.file) yield* this.file.createReadStream({ start: 0, autoClose: false });
    else yield* this.chunks;
  }

  async close(): Promise<void> {
    this.chunks = [];
    await this.file?.close();
  }

  private async moveToDisk(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, uuid());
    this.file = await open(path, 'wx+', 0o600);
    await rm(path);
    await this.file.writeFile(Buffer.concat(this.chunks));
    this.chunks = [];
  }
}
