import type { Size } from '@pentimento/contracts';

/** A correct program in one of the ways that people and models write it, and what its picture must be. */
export interface Style {
  code: string;
  /** Colours (six hexadecimal digits) that more than a few pixels of the picture have, to within a few levels. */
  shows?: string[];
  /** Name of a style whose picture has the very same bytes. */
  like?: string;
  /** Name of a style whose picture has other bytes. */
  unlike?: string;
  size?: Size;
  /** What the log must say; where it is left out, nothing that tells of a fault. */
  log?: RegExp;
}

export type Styles = Record<string, Style>;
