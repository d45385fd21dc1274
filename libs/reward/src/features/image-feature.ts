import type { Changes, RgbImage } from '@pentimento/imaging';

/**
 * Something that is computed of an image's pixels, once an image however many terms read it. Its value is cloned between threads:
 * plain data, whose large arrays lie best in shared memory.
 */
export interface ImageFeature<Value> {
  /** Unique among all features. */
  id: string;
  /**
   * The feature of an image. With a base, an image of the same size, only what changed needs work; the value is the same as
   * without one.
   */
  extract(image: RgbImage, base?: FeatureBase<Value>): Value;
}

export interface FeatureBase<Value> {
  value: Value;
  changes: Changes;
}

/** In pixels of the image, to the right and down. */
export interface Shift {
  x: number;
  y: number;
}
