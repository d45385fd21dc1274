import type { Cells, PackedCells } from './cells.ts';

/** An encoder's output for a tile. */
export interface EncodedTile {
  vector: Float32Array;
  cells: Cells;
}

/** An encoded tile as it is sent and kept. */
export interface TileFeatures {
  vector: Float32Array;
  cells: PackedCells;
}

export function tileFeatureBytes({ vector, cells }: TileFeatures): number {
  return vector.byteLength + cells.features.byteLength;
}
