import type { Molecule, Size } from '@pentimento/contracts';
import type { ImageFeature, Shift } from '../features/image-feature.ts';

/** The description of every term. */
interface TermInfo {
  /** Its key in records, thresholds and the API, in camel case; stored records hold it, so it never changes. */
  id: string;
  /** What people read. */
  label: string;
  /** What the term looks at, in a few words. */
  description: string;
  /** Whether a job's threshold may read it; only for terms that are known of every render. */
  threshold: boolean;
  /** Its value where nothing rendered, 0..1. */
  nothingRendered: number;
  /** Its value for a render that equals the target, 0..1. */
  identical: number;
}

/** Computed from the scores of the grid's tiles and the thumbnail, 0..1 each; there is at least one. */
export interface TilesTerm extends TermInfo {
  needs: 'tiles';
  compute(scores: readonly number[]): number;
}

/** Computed from the scores of windows at native scale, 0..1 each. Null where the target has none. */
export interface WindowsTerm extends TermInfo {
  needs: 'windows';
  compute(scores: readonly number[]): number;
}

/** Computed from the sizes of target and render in pixels, before the render is stretched. */
export interface SizesTerm extends TermInfo {
  needs: 'sizes';
  compute(target: Size, render: Size): number;
}

/** Computed in a worker thread from a feature of the pixels of both images; the render is stretched to the target's size. */
export interface PixelsTerm<Feature> extends TermInfo {
  needs: 'pixels';
  feature: ImageFeature<Feature>;
  /** The value, or with it how far the render lies from the target where the term looks for that: the record's `shift`. */
  compute(target: Feature, render: Feature): number | { value: number; shift: Shift };
}

/** Computed in a worker thread from the texts of both images. Null unless both are known. */
export interface TextsTerm extends TermInfo {
  needs: 'texts';
  compute(target: string, render: string): number;
}

/** Computed from the render's molecule. Null unless the target's is known. */
export interface MoleculeTerm extends TermInfo {
  needs: 'molecule';
  compute(molecule: Molecule): number | null;
}

/** Computed from the values of other terms that are known of every render, in the order of `terms`. None of them is combined itself. */
export interface CombinedTerm extends TermInfo {
  needs: 'terms';
  /** Ids of registered terms. */
  terms: readonly string[];
  compute(values: readonly number[]): number;
}

/**
 * A named score of a candidate, 0..1, in addition to the published ones, which never depend on it. Adding one takes a file that exports it
 * and a line in the registry. `compute` is pure: equal inputs give equal values, and inputs stay as they are.
 */
export type RewardTerm =
  TilesTerm | WindowsTerm | SizesTerm | PixelsTerm<unknown> | TextsTerm | MoleculeTerm | CombinedTerm;

/** The terms of a reward, in the order in which they are shown. */
export interface TermRegistry {
  /** URL of the module that exports this object as `registry`: worker threads import it. */
  module: string;
  terms: readonly RewardTerm[];
}
