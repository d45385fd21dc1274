import { gridFor, tileAreas, tileSide, type Grid, type TileArea } from './grid.ts';
import { toRgbPixels, type Raster } from './image.ts';
import { resizeInBlocks } from './resample.ts';

/** A crop as the encoder sees it: 448 x 448 RGB pixels, in memory of its own. */
export interface Tile extends TileArea {
  pixels: Uint8Array;
}

/** The crops of an image, stretched to its grid; the thumbnail is made from the image itself, not from the stretched one. */
export function tilesOf(image: Raster): Tile[] {
  const grid = gridFor(image.width, image.height);
  const areas = tileAreas(image);
  const tiles = cut(image, grid);
  const thumbnail = areas.length > tiles.length ? cut(image, { columns: 1, rows: 1 }) : [];
  return [...tiles, ...thumbnail].map((pixels, index) => ({ ...areas[index]!, pixels }));
}

/** The pixels of each tile, row by row, of the image stretched to a grid of tiles. */
function cut(image: Raster, { columns, rows }: Grid): Uint8Array[] {
  const tiles = Array.from({ length: columns * rows }, () => new Uint8Array(tileSide * tileSide * 3));
  const size = { width: columns * tileSide, height: rows * tileSide };
  resizeInBlocks(image, size, tileSide, ({ left, top, bytes }) => {
    const row = Math.floor(top / tileSide);
    const tile = tiles[row * columns + left / tileSide]!;
    tile.set(toRgbPixels(bytes, image.mode), (top - row * tileSide) * tileSide * 3);
  });
  return tiles;
}
