import type { Size } from '@pentimento/contracts';

/** A part of a resized image, in its pixels: at most 64 rows that lie in one column of it. */
export interface Block extends Size {
  left: number;
  top: number;
  /** Row-major, without gaps; the receiver may change them, and has them until it returns. */
  bytes: Uint8Array;
}

/** Rows of a block at most; 64 divides a tile's side. */
export const blockRows = 64;

export type ReceiveBlock = (block: Block) => void;

/** Whether the block that starts there is to be made. */
export type WantedBlock = (left: number, top: number) => boolean;
