export { betterRegions, regionChanges } from './changes.ts';
export { centerOf, holdsPoint, scoreIn } from './grid.ts';
export { markedPatch, selectPatches } from './select.ts';
