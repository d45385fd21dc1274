import type { Client } from '@pentimento/client';
import type { Export, ExportFile } from '@pentimento/contracts';
import pLimit from 'p-limit';
import { checkFolder, markFolder, pathIn } from './export-folder.ts';
import { DamagedContentError, fetchFile, isWhole } from './fetch-file.ts';
import { withRetries } from './retry.ts';

const filesAtOnce = 6;

export interface DownloadOptions {
  client: Client;
  signal: AbortSignal;
  /** Called after each file. */
  onProgress: (downloaded: Downloaded) => void;
  onRetry: (waitMs: number) => void;
}

export interface Downloaded {
  files: number;
  bytes: number;
  /** Files that were not there before. */
  fetched: number;
}

/**
 * Downloads the files of an export that has succeeded into a folder. Files that are there with the right content are kept, and one that is
 * there in part is continued. Each has its name only once it is whole.
 */
export async function downloadExport(
  { id }: Export,
  folder: string,
  { client, signal, onProgress, onRetry }: DownloadOptions,
): Promise<Downloaded> {
  await checkFolder(folder, id);
  await markFolder(folder, id);
  const downloaded: Downloaded = { files: 0, bytes: 0, fetched: 0 };
  const retries = { signal, onRetry };
  const take = async (file: ExportFile): Promise<void> => {
    signal.throwIfAborted();
    const path = pathIn(folder, file.path);
    if (!(await isWhole(path, file))) {
      const readFrom = (start: number) => client.getExportFile(id, file.path, { start, signal });
      const fetch = () => withRetries(() => fetchFile(path, file, readFrom), retries);
      await fetch().catch((error: unknown) => {
        if (!(error instanceof DamagedContentError)) throw error;
        // What was there in part may have been of another file.
        return fetch();
      });
      downloaded.fetched += 1;
    }
    downloaded.files += 1;
    downloaded.bytes += file.bytes;
    onProgress(downloaded);
  };
  const limit = pLimit(filesAtOnce);
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { cursor };
    const page = await withRetries(() => client.listExportFiles(id, query, { signal }), retries);
    await Promise.all(page.data.map((file) => limit(() => take(file))));
    cursor = page.nextCursor;
  }
  return downloaded;
}
