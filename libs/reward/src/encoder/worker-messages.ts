import type { Size } from '@pentimento/contracts';
import type { AlphaMode, Raster } from '@pentimento/imaging';
import type { Cells, PackedCells } from './cells.ts';
import type { EncoderFiles } from './load.ts';
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
export type WorkerRequest = TargetRequest | CutRequest | EncodeRequest | TextRequest;

/** Decode a target and summarise it. */
export interface TargetRequest {
  kind: 'target';
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
}

/** Decode a render, stretch it to its target's size, compare both, and cut the crops that differ. */
export interface CutRequest {
  kind: 'cut';
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  target: OpenTarget;
  windows: boolean;
  /** The target's crops that were encoded already, by their places; the pixels of the tiles, in memory that threads share. */
  known: { tiles: (Uint8Array | null)[]; windows: boolean[] };
}

/** Encode one tile. */
export interface EncodeRequest {
  kind: 'encode';
  /** RGB pixels of a tile. */
  bytes: Uint8Array;
}

/** The nearness of two texts. */
export interface TextRequest {
  kind: 'text';
  target: string;
  render: string;
}

/** 448 x 448 RGB pixels. */
export interface HashedCrop {
  pixels: Uint8Array;
  /** Of the pixels, lower-case hex. */
  sha256: string;
}

/** What the terms beside the tiles are computed from. */
export interface ImageSummary {
  colour: ColourSummary;
  luma: Luma;
  cells: CellMeans;
}

/** A target in memory that threads share. */
export interface OpenTarget extends Size {
  /** In the colour mode in which it is resampled. */
  raster: Raster;
  summary: ImageSummary;
}

/** The same crop of render and target; the target's only where it was not encoded yet. */
export interface CropPair {
  render: HashedCrop;
  target: HashedCrop | null;
}

/** A render against its target. A target's tiles lie in memory that threads share. Crops whose pixels are the same in both are null. */
export interface CutRender {
  /** Before it was stretched. */
  size: Size;
  tiles: (CropPair | null)[];
  windows: (CropPair | null)[];
  images: ImageComparison;
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
  target: OpenTarget;
  cut: CutRender | null;
  encode: TileFeatures;
  text: number;
}

export type WorkerReply =
  | { ok: true; answer: WorkerAnswers[WorkerRequest['kind']] }
  | { ok: false; fault: 'input' | 'encoder' | 'bug'; message: string; detail: string };
