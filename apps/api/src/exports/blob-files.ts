import { createHash } from 'node:crypto';
import type { ExportFile } from '@pentimento/contracts';
import type { Blobs } from '@pentimento/store';
import type { ExportFiles } from '@pentimento/traces';
import { mediaTypeOf } from './media-type.ts';
import { TemporaryFile } from './temporary-file.ts';

/** The files of one export as blobs: each is put when it is closed. No row names them until the export has succeeded. */
export class BlobFiles implements ExportFiles {
  /** In the order in which they were closed. */
  readonly closed: ExportFile[] = [];
  /** Bytes written to all files. */
  bytes = 0;
  private readonly opened = new Set<TemporaryFile>();

  constructor(
    private readonly blobs: Pick<Blobs, 'putStream'>,
    private readonly folder: string,
  ) {}

  open(path: string): ReturnType<ExportFiles['open']> {
    const temporary = new TemporaryFile(this.folder);
    const hash = createHash('sha256');
    this.opened.add(temporary);
    return Promise.resolve({
      write: async (data: string | Uint8Array) => {
        const chunk = typeof data === 'string' ? Buffer.from(data) : data;
        this.bytes += chunk.byteLength;
        hash.update(chunk);
        await temporary.write(chunk);
      },
      close: async () => {
        const file = { bytes: temporary.bytes, sha256: hash.digest('hex') };
        const blob = { id: file.sha256, bytes: file.bytes, mediaType: mediaTypeOf(path) };
        await this.blobs.putStream(blob, temporary.read());
        await this.discard(temporary);
        this.closed.push({ path, ...file });
        return file;
      },
    });
  }

  /** Discards what an export that broke off has left open. */
  async close(): Promise<void> {
    await Promise.all([...this.opened].map((temporary) => this.discard(temporary)));
  }

  private async discard(temporary: TemporaryFile): Promise<void> {
    this.opened.delete(temporary);
    await temporary.close();
  }
}
