import type { BlobId } from '@pentimento/contracts';

/** An image of a row: how a table writes it is the table's concern. */
export interface ExportImage {
  id: BlobId;
  /** An opaque PNG. */
  png: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
}
