import type { Size } from '@pentimento/contracts';
import { maxBlockRows } from '../resize/blocks.ts';
import { changedWithin, type Changes } from './changes.ts';
import { gridFor, tileAreas, tileSide, type Grid, type TileArea } from './grid.ts';
import { toRgbPixels, type DecodedImage } from '../image.ts';
import { resizeInBlocks } from '../resize/resample.ts';

const tileBytes = tileSide * tileSide * 3;

/** A crop as the encoder takes it: 448 x 448 RGB pixels, in memory of its own. */
export interface Tile extends TileArea {
  pixels: Uint8Array;
}

/** Crops of another image of the same size, and the changes between both: bands without a change are copied. */
export interface TileBase {
  tiles: ReadonlyMap<number, Uint8Array>;
  changes: Changes;
}

const newTile = () => new Uint8Array(tileBytes);

/**
 * The crops of an image that is stretched to its grid, all or those of the given indices. The thumbnail is made from the image
 * itself, not from the stretched one. `memoryOf` gives the memory of each.
 */
export function tilesOf(
  image: DecodedImage,
  indices?: ReadonlySet<number>,
  base?: TileBase,
  memoryOf: () => Uint8Array = newTile,
): Tile[] {
  const areas = tileAreas(image).filter(({ index }) => indices?.has(index) ?? true);
  const tiles = areas.map((area) => ({ ...area, pixels: memoryOf() }));
  if (base) for (const { index, pixels } of tiles) pixels.set(base.tiles.get(index)!);
  const ofGrid = tiles.filter(({ level }) => level === 'tile');
  const grid = gridFor(image.width, image.height);
  if (ofGrid.length > 0)
    fillTiles(image, grid, new Map(ofGrid.map(({ index, pixels }) => [index, pixels])), base?.changes);
  const thumbnail = tiles.find(({ level }) => level === 'thumbnail');
  if (thumbnail) fillTiles(image, { columns: 1, rows: 1 }, new Map([[0, thumbnail.pixels]]), base?.changes);
  return tiles;
}

/** Fills the pixels of some tiles of the image stretched to a grid; with changes, only the bands that may contain one. */
function fillTiles(
  image: DecodedImage,
  { columns, rows }: Grid,
  tiles: ReadonlyMap<number, Uint8Array>,
  changes: Changes | undefined,
): void {
  const size = { width: columns * tileSide, height: rows * tileSide };
  const indexAt = (left: number, top: number) => Math.floor(top / tileSide) * columns + left / tileSide;
  const across = reachOf(image.width, size.width);
  const down = reachOf(image.height, size.height);
  const include = (left: number, top: number) =>
    tiles.has(indexAt(left, top)) &&
    (!changes || changedIn(changes, across(left, left + tileSide), down(top, top + maxBlockRows)));
  resizeInBlocks(
    image,
    size,
    tileSide,
    ({ left, top, bytes }) =>
      tiles.get(indexAt(left, top))!.set(toRgbPixels(bytes, image.mode), (top % tileSide) * tileSide * 3),
    include,
  );
}

/** The indices of the crops that a change may affect: those whose source pixels changed. */
export function changedCrops(changes: Changes, image: Size): Set<number> {
  const { columns, rows } = gridFor(image.width, image.height);
  const across = reachOf(image.width, columns, columns * tileSide);
  const down = reachOf(image.height, rows, rows * tileSide);
  const changed = tileAreas(image).filter(({ index, level }) => {
    if (level === 'thumbnail') return changedWithin(changes, 0, 0, image.width, image.height);
    const [column, row] = [index % columns, Math.floor(index / columns)];
    return changedIn(changes, across(column, column + 1), down(row, row + 1));
  });
  return new Set(changed.map(({ index }) => index));
}

type Span = [from: number, to: number];

function changedIn(changes: Changes, [left, right]: Span, [top, bottom]: Span): boolean {
  return changedWithin(changes, left, top, right, bottom);
}

/** An upper bound of the source pixels that parts `first` to before `last` of a length read: the kernel's support is 2 px times the downscale. */
function reachOf(length: number, parts: number, stretched = parts): (first: number, last: number) => Span {
  const margin = 2 * Math.max(1, length / stretched) + 2;
  return (first, last) => [(first * length) / parts - margin, (last * length) / parts + margin];
}
