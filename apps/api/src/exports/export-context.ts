import type { Export } from '@pentimento/contracts';
import { BlobMismatchError, type Blobs } from '@pentimento/store';
import type { ExportContext } from '@pentimento/traces';
import { version } from '../settings/version.ts';
import { splitOf } from './split-of.ts';

/** What an export and its preview have in common. */
export const exportContextOf = (
  { filter, options }: Pick<Export, 'filter' | 'options'>,
  blobs: Pick<Blobs, 'get'>,
  signal: AbortSignal,
): Omit<ExportContext, 'files'> => ({
  filter,
  options,
  codeVersion: version,
  readBlob: (id) => readBlob(blobs, id),
  splitOf: (taskId) => splitOf(taskId, options.splits),
  signal,
});

/** Null where the blob is gone or damaged: then a trace is dropped, and not the whole export. */
async function readBlob(blobs: Pick<Blobs, 'get'>, id: string): Promise<Uint8Array | null> {
  try {
    return await blobs.get(id);
  } catch (error) {
    if (error instanceof BlobMismatchError) return null;
    throw error;
  }
}
