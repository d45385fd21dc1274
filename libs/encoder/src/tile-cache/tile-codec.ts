import { crc32 } from 'node:zlib';
import type { TileFeatures } from '../inference/tile-features.ts';

/**
 * A tile's vector and cells as bytes, little-endian: a magic number, a CRC-32 of the rest, the numbers of values of the vector, of
 * columns, of rows and of features, then the vector in float32 and the features in int8.
 */
const mark = 0x31545250;
const headerWords = 6;
const headerBytes = headerWords * 4;

export function encodeTile({ vector, cells }: TileFeatures): Uint8Array {
  const bytes = new Uint8Array(headerBytes + vector.byteLength + cells.features.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, mark, true);
  [vector.length, cells.columns, cells.rows, cells.features.length].forEach((count, index) =>
    view.setUint32(8 + index * 4, count, true),
  );
  bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), headerBytes);
  bytes.set(new Uint8Array(cells.features.buffer, cells.features.byteOffset), headerBytes + vector.byteLength);
  view.setUint32(4, crc32(bytes.subarray(8)), true);
  return bytes;
}

/** Undefined where the bytes are not from `encodeTile`. */
export function decodeTile(bytes: Uint8Array): TileFeatures | undefined {
  if (bytes.length < headerBytes) return undefined;
  const copy = Uint8Array.from(bytes);
  const [marked, checksum, values, columns, rows, features] = new Uint32Array(
    copy.buffer,
    0,
    headerWords,
  ) as unknown as [number, number, number, number, number, number];
  if (marked !== mark || checksum !== crc32(copy.subarray(8))) return undefined;
  if (copy.length !== headerBytes + values * 4 + features) return undefined;
  return {
    vector: new Float32Array(copy.buffer, headerBytes, values),
    cells: { columns, rows, features: new Int8Array(copy.buffer, headerBytes + values * 4, features) },
  };
}
