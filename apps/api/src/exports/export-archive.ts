import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Export, ExportFile } from '@pentimento/contracts';
import { pack as createPack } from 'tar-stream';

/** Where an archive reads from. */
export interface ArchiveSource {
  /** The files in order. */
  files(): AsyncIterable<ExportFile>;
  open(file: ExportFile): Promise<Readable>;
}

/** A tar of the files in a folder named by the export's id. The same export gives the same bytes. */
export function archiveOf({ id, finishedAt }: Export, source: ArchiveSource): NodeJS.ReadableStream {
  const pack = createPack();
  const mtime = new Date(finishedAt!);
  const fill = async () => {
    for await (const file of source.files()) {
      const content = await source.open(file);
      const entry = pack.entry({ name: `${id}/${file.path}`, size: file.bytes, mtime, mode: 0o644 });
      await pipeline(content, entry);
    }
    pack.finalize();
  };
  fill().catch((error: Error) => pack.destroy(error));
  // Its own type of stream is not declared as Node's, which it is a subset of.
  return pack as unknown as NodeJS.ReadableStream;
}
