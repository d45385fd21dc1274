import { color } from './color.ts';
import { lowQuantile } from './low-quantile.ts';
import type { TermRegistry } from './reward-term.ts';
import { shiftTolerant } from './shift-tolerant.ts';
import { aspect, size } from './size.ts';
import { strict } from './strict.ts';
import { text } from './text.ts';
import { windows } from './windows.ts';
import { worstTile } from './worst-tile.ts';

export const registry: TermRegistry = {
  module: import.meta.url,
  terms: [worstTile, lowQuantile, windows, size, aspect, color, text, shiftTolerant, strict],
};
