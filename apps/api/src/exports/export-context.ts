import type { BlobId, Export } from '@pentimento/contracts';
import { fingerprintOf } from '@pentimento/imaging';
import { BlobMismatchError } from '@pentimento/blob-store';
import type { Blobs } from '@pentimento/store';
import { planSplits, type ExportContext } from '@pentimento/traces';
import { version } from '../settings/version.ts';

/** What an export and its preview have in common. */
export const exportContextOf = (
  { filter, options }: Pick<Export, 'filter' | 'options'>,
  blobs: Pick<Blobs, 'get'>,
  signal: AbortSignal,
): Omit<ExportContext, 'files' | 'splitOf'> => ({
  filter,
  options,
  codeVersion: version,
  readBlob: (id) => readBlob(blobs, id),
  signal,
});

/** The splits of the selected targets; of others by their hash alone. */
export const splitsOf = (
  targets: AsyncIterable<BlobId>,
  { options }: Pick<Export, 'options'>,
  blobs: Pick<Blobs, 'get'>,
): Promise<ExportContext['splitOf']> =>
  planSplits(targets, options.splits, async (target) => {
    const image = await readBlob(blobs, target);
    return image && fingerprintOf(image);
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
