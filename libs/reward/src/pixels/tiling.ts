import { changedWithin, type Changes } from './changes.ts';
import { gridFor, tileAreas, tileSide, type Grid, type TileArea } from './grid.ts';
import { toRgbPixels, type Raster } from './image.ts';
import { resizeInBlocks } from './resample.ts';

/** A crop as the encoder sees it: 448 x 448 RGB pixels, in memory of its own. */
export interface Tile extends TileArea {
  pixels: Uint8Array;
}

/**
 * The crops of an image, stretched to its grid, of all indices or of those named; the thumbnail is made from the image itself, not
 * from the stretched one.
 */
export function tilesOf(image: Raster, indices?: ReadonlySet<number>): Tile[] {
  const grid = gridFor(image.width, image.height);
  const areas = tileAreas(image).filter(({ index }) => indices?.has(index) ?? true);
  const tiles = areas.map((area) => ({ ...area, pixels: new Uint8Array(tileSide * tileSide * 3) }));
  const ofGrid = tiles.filter(({ level }) => level === 'tile');
  if (ofGrid.length > 0) cut(image, grid, new Map(ofGrid.map(({ index, pixels }) => [index, pixels])));
  const thumbnail = tiles.find(({ level }) => level === 'thumbnail');
  if (thumbnail) cut(image, { columns: 1, rows: 1 }, new Map([[0, thumbnail.pixels]]));
  return tiles;
}

/** Fills the pixels of some tiles, row by row, of the image stretched to a grid of tiles. */
function cut(image: Raster, { columns, rows }: Grid, tiles: ReadonlyMap<number, Uint8Array>): void {
  const size = { width: columns * tileSide, height: rows * tileSide };
  const indexAt = (left: number, top: number) => Math.floor(top / tileSide) * columns + left / tileSide;
  resizeInBlocks(
    image,
    size,
    tileSide,
    ({ left, top, bytes }) =>
      tiles.get(indexAt(left, top))!.set(toRgbPixels(bytes, image.mode), (top % tileSide) * tileSide * 3),
    (left, top) => tiles.has(indexAt(left, top)),
  );
}

/** The indices of the crops that may show a change of their image: those whose pixels the resampling reads. */
export function changedCrops(changes: Changes, image: { width: number; height: number }): Set<number> {
  const { columns, rows } = gridFor(image.width, image.height);
  const across = reachOf(image.width, columns);
  const down = reachOf(image.height, rows);
  const changed = tileAreas(image).filter(({ index, level }) => {
    if (level === 'thumbnail') return changedWithin(changes, 0, 0, image.width, image.height);
    const [left, right] = across(index % columns);
    const [top, bottom] = down(Math.floor(index / columns));
    return changedWithin(changes, left, top, right, bottom);
  });
  return new Set(changed.map(({ index }) => index));
}

/** From the first to before the last pixel that weighs in part `index` of a length, generously: the bicubic kernel is 2 px wide, or so much wider as it scales down. */
function reachOf(length: number, parts: number): (index: number) => [number, number] {
  const margin = 2 * Math.max(1, length / (parts * tileSide)) + 2;
  return (index) => [(index * length) / parts - margin, ((index + 1) * length) / parts + margin];
}
