import type { AlphaMode, Size } from '@pentimento/contracts';
import type { HashedTile } from '@pentimento/encoder';
import type { DecodedImage } from '@pentimento/imaging';
import type { FeatureValues } from '../features/extract.ts';
import type { Shift } from '../features/image-feature.ts';
import type { CropMemory } from './crop-memory.ts';

/** What the reward adds to the tasks of an encoder's worker threads. */
export type CompareTasks = {
  /** Decodes a target and extracts its features. */
  openTarget: { input: OpenTargetRequest; output: DecodedTarget };
  /** Compares a render with its target; null where it is so large that it counts as none. */
  compare: { input: CompareRequest; output: ComparedRender | null };
  /** Values of the terms that need texts. */
  compareTexts: { input: CompareTextsRequest; output: Record<string, number> };
};

/** In every request: where the worker finds the terms (`TermRegistry.module`). */
interface WithTerms {
  registry: string;
}

export interface OpenTargetRequest extends WithTerms {
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  alpha: AlphaMode;
}

export interface CompareRequest extends WithTerms {
  /** PNG, JPEG or WebP. */
  bytes: Uint8Array;
  alpha: AlphaMode;
  target: DecodedTarget;
  windows: boolean;
  /** The target's crops that were encoded already, by index; the pixels of the tiles, in memory that threads share. */
  known: { tiles: (Uint8Array | null)[]; windows: boolean[] };
  /** For the render's crops. */
  memory: CropMemory | null;
}

export interface CompareTextsRequest extends WithTerms {
  target: string;
  render: string;
}

/** A target in memory that threads share. */
export interface DecodedTarget extends Size {
  /** In the color mode in which it is resampled. */
  image: DecodedImage;
  features: FeatureValues;
  hasInk: boolean;
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
  hasInk: boolean;
  tiles: (CropPair | null)[];
  windows: (CropPair | null)[];
  pixels: PixelComparison;
}

export interface PixelComparison {
  /** Values of the terms that need pixels. */
  values: Record<string, number>;
  /** As a term found it; null where none looks for it. */
  shift: Shift | null;
  /** Difference of the pixels of each cell of the score map, 0..1. */
  differences: Float32Array;
}
