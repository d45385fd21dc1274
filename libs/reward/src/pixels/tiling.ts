import type { RgbImage } from './image.ts';
import { gridFor, tileAreas, tileSide, type TileArea } from './grid.ts';
import { resizeBicubic } from './resample.ts';

/** A crop as the encoder sees it: 448 x 448 RGB pixels. */
export interface Tile extends TileArea {
  pixels: Uint8Array;
}

/** The crops of an image, stretched to its grid; the thumbnail is made from the image itself, not from the stretched one. */
export function tilesOf(image: RgbImage): Tile[] {
  const { columns, rows } = gridFor(image.width, image.height);
  const stretched = resizeBicubic(image, { width: columns * tileSide, height: rows * tileSide });
  return tileAreas(image).map((area) => ({ ...area, pixels: area.level === 'tile' ? crop(area.index) : thumbnail() }));

  function crop(index: number): Uint8Array {
    return cutTile(stretched, index % columns, Math.floor(index / columns));
  }

  function thumbnail(): Uint8Array {
    return resizeBicubic(image, { width: tileSide, height: tileSide }).pixels;
  }
}

function cutTile(image: RgbImage, column: number, row: number): Uint8Array {
  const rowLength = tileSide * 3;
  const pixels = new Uint8Array(tileSide * rowLength);
  for (let y = 0; y < tileSide; y++) {
    const from = ((row * tileSide + y) * image.width + column * tileSide) * 3;
    pixels.set(image.pixels.subarray(from, from + rowLength), y * rowLength);
  }
  return pixels;
}
