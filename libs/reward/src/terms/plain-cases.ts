import type { RewardRecord, Size } from '@pentimento/contracts';
import { tileAreas } from '@pentimento/imaging';
import { assembleScoreMap } from './score-map.ts';
import { tileTerms } from './terms.ts';
import { windowBoxes } from './windows.ts';

/** A record without what made it. */
export type Scored = Pick<RewardRecord, 'terms' | 'tiles' | 'windows' | 'shift' | 'map'>;

interface Known {
  alignment: 0 | 1;
  /** Whether windows are scored where the target has any. */
  windows: boolean;
  text: number | null;
}

/** No render, or one so large that it counts as none. */
export function nothingRendered(target: Size, { alignment, windows, text }: Known): Scored {
  const lost = windows && windowBoxes(target).length > 0 ? 0 : null;
  return {
    terms: { ...tileTerms([], alignment), windows: lost, size: 0, aspect: 0, colour: 0, text, shiftTolerant: 0 },
    tiles: [],
    windows: [],
    shift: null,
    map: null,
  };
}

/** The render has the target's bytes. */
export function identicalImages(target: Size, { alignment, windows, text }: Known): Scored {
  const tiles = tileAreas(target).map((area) => ({ ...area, score: 1 }));
  const boxes = windows ? windowBoxes(target) : [];
  const terms = tileTerms(
    tiles.map(({ score }) => score),
    alignment,
  );
  return {
    terms: { ...terms, windows: boxes.length > 0 ? 1 : null, size: 1, aspect: 1, colour: 1, text, shiftTolerant: 1 },
    tiles,
    windows: boxes.map((box, index) => ({ index, level: 'window', box, score: 1 })),
    shift: { x: 0, y: 0 },
    map: assembleScoreMap({ size: target, crops: [], differences: null }),
  };
}
