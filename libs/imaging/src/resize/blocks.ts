import type { Size } from '@pentimento/contracts';

/** A part of a resized image, in its pixels: at most 64 rows of one column. */
interface Block extends Size {
  left: number;
  top: number;
  /** Row-major, without gaps; valid until the receiver returns, which may change them. */
  bytes: Uint8Array;
}

/** Divides a tile's side. */
export const maxBlockRows = 64;

export type ReceiveBlock = (block: Block) => void;

/** Whether the block that starts there is needed. */
export type BlockFilter = (left: number, top: number) => boolean;
