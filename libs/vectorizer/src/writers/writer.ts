import type { Box, Size } from '@pentimento/contracts';
import type { Group } from './groups.ts';
import type { Layer } from '../tracing/shapes.ts';

/** Where layers can be added to code, and how. */
export interface Opening {
  /** Layers go in before the text of `length` characters that begins here. */
  at: number;
  length: number;
  /** The region of the code's own coordinates that shows the whole target. */
  frame: Box;
  /** What stands around the layers, for code that is not the writer's own. */
  wrap: (layers: string) => string;
}

/** Writes layers in one language, and finds them again in code. */
export interface Writer {
  /** A whole document of the target's size. A page's `deviceScale` is device pixels a CSS pixel; drawings have none. */
  document(size: Size, layers: readonly string[], deviceScale: number): string;
  /** One layer as lines of code. `frame` is the region of the code's coordinates that shows the target of `size`. */
  layer(layer: Layer, size: Size, frame: Box): string;
  /** The layers that stand in the code, in order. */
  groups(code: string): Group[];
  /** Undefined where layers cannot be added to this code. */
  opening(code: string, size: Size, deviceScale: number): Opening | undefined;
}

export function wholeOf({ width, height }: Size): Box {
  return { x: 0, y: 0, width, height };
}
