import { setImmediate } from 'node:timers/promises';
import { crc32, createInflate } from 'node:zlib';
import type { Size } from '@pentimento/contracts';
import { InvalidImageError } from './errors.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const headerBytes = 13;
/** Encoders write chunks of 8 KB or more. */
const maxChunks = 65_536;
const chunksPerTurn = 4096;
const bytesPerTurn = 8 * 1024 * 1024;
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 };

export interface Png extends Size {
  /** A PNG of the image only: header, pixels and end. All other chunks are dropped. */
  bytes: Uint8Array;
  channels: number;
  deflated: Uint8Array;
}

/**
 * Reads the structure of an untrusted PNG without decoding its pixels. It must have the expected size, 8 bits per channel, no
 * palette, and no interlacing. Other work takes its turn while a large one is read.
 *
 * @throws InvalidImageError on anything else, and where there are more than `maxBytes`.
 */
export async function readPng(bytes: Uint8Array, expected: Size, maxBytes: number): Promise<Png> {
  if (bytes.length > maxBytes) throw new InvalidImageError('The image has too many bytes.');
  if (!signature.every((byte, index) => bytes[index] === byte)) throw new InvalidImageError('The image is not a PNG.');
  const kept = await readChunks(bytes);
  const header = kept[0]!.data;
  if (header.length !== headerBytes) throw new InvalidImageError('The header of the image is malformed.');
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const size = { width: view.getUint32(0), height: view.getUint32(4) };
  const [depth, colorType, compression, filter, interlace] = header.subarray(8);
  const channels = channelsOf[colorType!];
  if (size.width !== expected.width || size.height !== expected.height) {
    throw new InvalidImageError(`The image is ${size.width}x${size.height}, not ${expected.width}x${expected.height}.`);
  }
  if (depth !== 8 || channels === undefined || compression !== 0 || filter !== 0 || interlace !== 0)
    throw new InvalidImageError('The image has another pixel format.');
  return {
    ...size,
    channels,
    deflated: Buffer.concat(kept.filter((chunk) => chunk.type === 'IDAT').map((chunk) => chunk.data)),
    bytes: Buffer.concat([Uint8Array.from(signature), ...kept.map((chunk) => chunk.whole)]),
  };
}

interface Chunk {
  type: string;
  data: Uint8Array;
  whole: Uint8Array;
}

async function readChunks(bytes: Uint8Array): Promise<Chunk[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Chunk[] = [];
  for (let at = signature.length, count = 1; ; count++) {
    if (count > maxChunks) throw new InvalidImageError('The image has too many parts.');
    if (count % chunksPerTurn === 0) await setImmediate();
    if (at + 12 > bytes.length) throw new InvalidImageError('The image is cut off.');
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw new InvalidImageError('The image is cut off.');
    const whole = bytes.subarray(at, end);
    const type = Buffer.from(whole.subarray(4, 8)).toString('latin1');
    if ((at === signature.length) !== (type === 'IHDR'))
      throw new InvalidImageError('The header of the image is in the wrong position.');
    if (type === 'IHDR' || type === 'IDAT' || type === 'IEND') {
      if ((await checksumOf(whole.subarray(4, -4))) !== view.getUint32(end - 4))
        throw new InvalidImageError('The image is damaged.');
      kept.push({ type, data: whole.subarray(8, -4), whole });
    }
    if (type === 'IEND') return kept;
    at = end;
  }
}

/** In turns, so that other work need not wait for a long chunk. */
async function checksumOf(bytes: Uint8Array): Promise<number> {
  let checksum = crc32(bytes.subarray(0, bytesPerTurn));
  for (let at = bytesPerTurn; at < bytes.length; at += bytesPerTurn) {
    await setImmediate();
    checksum = crc32(bytes.subarray(at, at + bytesPerTurn), checksum);
  }
  return checksum;
}

const unpackedChunkBytes = 256 * 1024;
/** Filter types are 0 to 4 (PNG specification, section 9.2). */
const lastFilter = 4;

/**
 * Whether all pixels are equal. Unpacks and checks every row, so that the image can be decoded, and keeps no more than a row in memory.
 *
 * @throws InvalidImageError where the pixels do not unpack to rows of this size with known filters.
 */
export async function isSingleColor(png: Png): Promise<boolean> {
  const scan = new RowScan(png);
  const inflater = createInflate({ chunkSize: unpackedChunkBytes });
  inflater.end(png.deflated);
  try {
    for await (const chunk of inflater) scan.read(chunk as Uint8Array);
  } catch (cause) {
    if (cause instanceof InvalidImageError) throw cause;
    throw new InvalidImageError('The pixels of the image do not unpack.', { cause });
  }
  if (!scan.isComplete) throw new InvalidImageError('The image has too few pixels.');
  return scan.isSingleColor;
}

/** Reads the rows of an image as they arrive, each preceded by its filter type. */
class RowScan {
  /** Of the rows so far. */
  isSingleColor = true;
  readonly #size: Png;
  #rest: Uint8Array = new Uint8Array();
  #rowCount = 0;
  #packed: Uint8Array = new Uint8Array();
  #line: Uint8Array;
  #color: Uint8Array | undefined;

  constructor(png: Png) {
    this.#size = png;
    this.#line = new Uint8Array(png.width * png.channels);
  }

  get isComplete(): boolean {
    return this.#rowCount === this.#size.height && this.#rest.length === 0;
  }

  /** @throws InvalidImageError where there are more rows than the image is high, or a row has an unknown filter. */
  read(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const rowBytes = this.#line.length + 1;
    const end = bytes.length - (bytes.length % rowBytes);
    for (let at = 0; at < end; at += rowBytes) this.#readRow(bytes.subarray(at, at + rowBytes));
    this.#rest = bytes.subarray(end);
  }

  #readRow(packed: Uint8Array): void {
    if (++this.#rowCount > this.#size.height) throw new InvalidImageError('The image has too many pixels.');
    if (packed[0]! > lastFilter) throw new InvalidImageError('The image has a row with an unknown filter.');
    this.isSingleColor &&= this.#isRowOfThatColor(packed);
  }

  #isRowOfThatColor(packed: Uint8Array): boolean {
    // The same bytes below the same row unfilter to that row again.
    if (this.#rowCount > 2 && Buffer.compare(packed, this.#packed) === 0) return true;
    const { channels } = this.#size;
    this.#line = unfilter(packed, this.#line, channels);
    this.#packed = packed;
    const color = (this.#color ??= this.#line.slice(0, channels));
    return this.#line.every((value, index) => value === color[index % channels]);
  }
}

/** Undoes the filter of one row (PNG specification, section 9.2). */
function unfilter(row: Uint8Array, above: Uint8Array, channels: number): Uint8Array {
  const filter = row[0]!;
  const line = row.slice(1);
  for (let i = 0; i < line.length; i++) {
    const left = i >= channels ? line[i - channels]! : 0;
    const up = above[i]!;
    const corner = i >= channels ? above[i - channels]! : 0;
    line[i] = line[i]! + predictor(filter, left, up, corner);
  }
  return line;
}

function predictor(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new InvalidImageError('The image has an unknown row filter.');
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
