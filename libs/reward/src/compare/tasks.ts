import type { Size } from '@pentimento/contracts';
import type { HashedTile } from '@pentimento/encoder';
import type { AlphaMode, Raster } from '@pentimento/imaging';
import type { ColourSummary } from '../terms/colour.ts';
import type { CellMeans } from '../terms/pixel-cells.ts';
import type { Luma, ShiftedNearness } from '../terms/shift.ts';

/** What the reward adds to the tasks of an encoder's worker threads. */
export type CompareTasks = {
  /** Decodes a target and summarizes it. */
  openTarget: { input: OpenTargetRequest; output: DecodedTarget };
  /** Compares a render with its target; null where it is so large that it counts as none. */
  compare: { input: CompareRequest; output: ComparedRender | null };
  /** Similarity of two texts, 0..1. */
  compareTexts: { input: { target: string; render: string }; output: number };
};

export interface OpenTargetRequest {
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  alpha: AlphaMode;
}

export interface CompareRequest {
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  alpha: AlphaMode;
  target: DecodedTarget;
  windows: boolean;
  /** The target's crops that were encoded already, by index; the pixels of the tiles, in memory that threads share. */
  known: { tiles: (Uint8Array | null)[]; windows: boolean[] };
}

/** What the terms beside the tiles are computed from. */
export interface ImageSummary {
  colour: ColourSummary;
  luma: Luma;
  cells: CellMeans;
}

/** A target in memory that threads share. */
export interface DecodedTarget extends Size {
  /** In the color mode in which it is resampled. */
  raster: Raster;
  summary: ImageSummary;
}

/** The same crop of render and target; the target's only where it was not encoded yet. */
export interface CropPair {
  render: HashedTile;
  target: HashedTile | null;
}

/** A render against its target. A target's tiles lie in memory that threads share. Crops whose pixels are the same in both are null. */
export interface ComparedRender {
  /** Before it was stretched. */
  size: Size;
  tiles: (CropPair | null)[];
  windows: (CropPair | null)[];
  images: ImageComparison;
}

export interface ImageComparison extends ShiftedNearness {
  colour: number;
  /** How far the pixels of each cell of the score map differ, 0..1. */
  differences: Float32Array;
}
