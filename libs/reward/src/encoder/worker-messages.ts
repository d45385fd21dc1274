import type { Size } from '@pentimento/contracts';
import type { Cells } from './cells.ts';
import type { ImageRole } from '../pixels/decode.ts';
import type { EncoderFiles } from './manifest.ts';
import type { Tile } from '../pixels/tiling.ts';

/** What the worker is started with. */
export interface WorkerSettings extends EncoderFiles {
  threads: number;
}

/** One piece of work; the worker gets one at a time and gives one reply to each. */
export type WorkerRequest = CutRequest | EncodeRequest;

/** Decode an image, stretch it to a size where one is given, and cut it into tiles. */
export interface CutRequest {
  kind: 'cut';
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  role: ImageRole;
  stretchTo: Size | null;
}

/** Encode one tile. */
export interface EncodeRequest {
  kind: 'encode';
  /** RGB pixels of a tile. */
  bytes: Uint8Array;
}

export interface HashedTile extends Tile {
  /** Of the pixels, lower-case hex. */
  sha256: string;
}

export interface CutImage extends Size {
  tiles: HashedTile[];
}

export interface EncodedTile {
  vector: Float32Array;
  cells: Cells;
}

export interface WorkerAnswers {
  cut: CutImage;
  encode: EncodedTile;
}

export type WorkerReply =
  | { ok: true; answer: WorkerAnswers[WorkerRequest['kind']] }
  | { ok: false; fault: 'input' | 'encoder' | 'bug'; message: string; detail: string };
