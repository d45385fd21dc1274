import type { Box, Size } from '@pentimento/contracts';
import type { Cells, PackedCells } from './cells.ts';
import type { ImageRole } from '../pixels/decode.ts';
import type { EncoderFiles } from './load.ts';
import type { AlphaMode } from '../pixels/preprocessing.ts';
import type { Tile } from '../pixels/tiling.ts';
import type { ColourSummary } from '../terms/colour.ts';
import type { CellMeans } from '../terms/pixel-cells.ts';
import type { Luma, ShiftedNearness } from '../terms/shift.ts';

/** What a worker is started with. */
export interface WorkerSettings extends EncoderFiles {
  /** Threads of one inference. */
  threads: number;
  alpha: AlphaMode;
}

/** One piece of work; a worker gets one at a time and gives one reply to each. */
export type WorkerRequest = CutRequest | EncodeRequest | CompareRequest | TextRequest;

/** Decode an image, stretch it to a size where one is given, and cut it into tiles and windows. */
export interface CutRequest {
  kind: 'cut';
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  role: ImageRole;
  stretchTo: Size | null;
  windows: boolean;
}

/** Encode one tile. */
export interface EncodeRequest {
  kind: 'encode';
  /** RGB pixels of a tile. */
  bytes: Uint8Array;
}

/** Compare the summaries of a target and a stretched render. */
export interface CompareRequest {
  kind: 'compare';
  target: ImageSummary;
  render: ImageSummary;
}

/** The nearness of two texts. */
export interface TextRequest {
  kind: 'text';
  target: string;
  render: string;
}

export interface HashedTile extends Tile {
  /** Of the pixels, lower-case hex. */
  sha256: string;
}

export interface HashedWindow {
  box: Box;
  /** 448 x 448 RGB pixels, white beyond the box. */
  pixels: Uint8Array;
  sha256: string;
}

/** What the terms beside the tiles are computed from. */
export interface ImageSummary {
  colour: ColourSummary;
  luma: Luma;
  cells: CellMeans;
}

export interface CutImage extends Size {
  tiles: HashedTile[];
  windows: HashedWindow[];
  summary: ImageSummary;
}

export interface EncodedTile {
  vector: Float32Array;
  cells: Cells;
}

/** An encoded tile as it is sent and kept. */
export interface TileFeatures {
  vector: Float32Array;
  cells: PackedCells;
}

export interface ImageComparison extends ShiftedNearness {
  colour: number;
  /** How far the pixels of each cell of the score map differ, 0..1. */
  differences: Float32Array;
}

export interface WorkerAnswers {
  cut: CutImage;
  encode: TileFeatures;
  compare: ImageComparison;
  text: number;
}

export type WorkerReply =
  | { ok: true; answer: WorkerAnswers[WorkerRequest['kind']] }
  | { ok: false; fault: 'input' | 'encoder' | 'bug'; message: string; detail: string };
