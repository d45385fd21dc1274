import type { SvgSource } from './svg-source.ts';

/** Why an SVG is drawn by the browser: what librsvg leaves out or draws otherwise, mostly without a word. */
export function browserFeatures(code: string, source: SvgSource): string[] {
  return [];
}
