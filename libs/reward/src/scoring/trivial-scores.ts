import type { Size } from '@pentimento/contracts';
import { tileAreas, windowBoxes } from '@pentimento/imaging';
import { assembleScoreMap } from '../map/score-map.ts';
import type { RewardTerm } from '../terms/reward-term.ts';
import type { Comparison, TermValues } from './comparison.ts';
import { needsImagesOnly } from './term-values.ts';

interface TrivialOptions {
  terms: readonly RewardTerm[];
  /** Whether windows are scored where the target has any. */
  windows: boolean;
}

/** No render, or one so large that it counts as none. */
export function nothingRendered(target: Size, { terms, windows }: TrivialOptions): Comparison {
  const hasWindows = windows && windowBoxes(target).length > 0;
  const values = trivialValues(terms, hasWindows, (term) => term.nothingRendered);
  return { rendered: false, values, tiles: [], windows: [], shift: null, map: null, empty: false };
}

/** The render has the target's bytes. */
export function identicalImages(target: Size, { terms, windows }: TrivialOptions): Comparison {
  const boxes = windows ? windowBoxes(target) : [];
  return {
    rendered: true,
    values: trivialValues(terms, boxes.length > 0, (term) => term.identical),
    tiles: tileAreas(target).map((area) => ({ ...area, score: 1 })),
    windows: boxes.map((box, index) => ({ index, level: 'window', box, score: 1 })),
    shift: { x: 0, y: 0 },
    map: assembleScoreMap({ size: target, crops: [], differences: null }),
    empty: false,
  };
}

function trivialValues(
  terms: readonly RewardTerm[],
  hasWindows: boolean,
  valueOf: (term: RewardTerm) => number,
): TermValues {
  const entries = terms
    .filter(needsImagesOnly)
    .map((term) => [term.id, term.needs === 'windows' && !hasWindows ? null : valueOf(term)]);
  return Object.fromEntries(entries);
}
