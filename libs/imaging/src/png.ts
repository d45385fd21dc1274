import { crc32, createInflate } from 'node:zlib';
import type { Size } from '@pentimento/contracts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const channelsOf: Record<number, number> = { 0: 1, 2: 3, 4: 2, 6: 4 };

export class HostileImage extends Error {
  override name = 'HostileImage';
}

export interface Png extends Size {
  /** The image alone: header, pixels, end. Whatever else the bytes carried is left out. */
  bytes: Uint8Array;
  channels: number;
  deflated: Uint8Array;
}

/**
 * Reads the frame of a PNG that came out of a sandbox, without decoding it. The bytes are untrusted: size and form are
 * checked against what a renderer may answer (8 bits a channel, not interlaced, no palette).
 *
 * @throws HostileImage on anything else, and where there are more than `maxBytes`.
 */
export function readPng(bytes: Uint8Array, expected: Size, maxBytes: number): Png {
  if (bytes.length > maxBytes) throw new HostileImage('The image has too many bytes.');
  if (!signature.every((byte, index) => bytes[index] === byte)) throw new HostileImage('The image is not a PNG.');
  const kept = readChunks(bytes);
  const header = kept[0]!.data;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const size = { width: view.getUint32(0), height: view.getUint32(4) };
  const [depth, colourType, , , interlace] = header.subarray(8);
  const channels = channelsOf[colourType!];
  if (size.width !== expected.width || size.height !== expected.height) {
    throw new HostileImage(`The image is ${size.width}x${size.height}, not ${expected.width}x${expected.height}.`);
  }
  if (depth !== 8 || channels === undefined || interlace !== 0)
    throw new HostileImage('The image has another pixel format.');
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

function readChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Chunk[] = [];
  for (let at = signature.length; ;) {
    if (at + 12 > bytes.length) throw new HostileImage('The image is cut off.');
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw new HostileImage('The image is cut off.');
    const whole = bytes.subarray(at, end);
    const type = Buffer.from(whole.subarray(4, 8)).toString('latin1');
    if ((at === signature.length) !== (type === 'IHDR'))
      throw new HostileImage('The image has its header out of place.');
    if (type === 'IHDR' || type === 'IDAT' || type === 'IEND') {
      if (crc32(whole.subarray(4, -4)) !== view.getUint32(end - 4)) throw new HostileImage('The image is damaged.');
      kept.push({ type, data: whole.subarray(8, -4), whole });
    }
    if (type === 'IEND') return kept;
    at = end;
  }
}

const unpackedChunkBytes = 256 * 1024;

/** Whether every pixel is the same. Unpacks no further than to the first that differs, and keeps no more than a row. */
export async function isSingleColour(png: Png): Promise<boolean> {
  const scan = new ColourScan(png);
  const inflater = createInflate({ chunkSize: unpackedChunkBytes });
  inflater.end(png.deflated);
  try {
    for await (const chunk of inflater) if (!scan.isStillOfOneColour(chunk as Uint8Array)) return false;
  } catch (cause) {
    if (cause instanceof HostileImage) throw cause;
    throw new HostileImage('The pixels of the image do not unpack.', { cause });
  }
  if (!scan.isComplete) throw new HostileImage('The image has too few pixels.');
  return true;
}

/** Reads the rows of an image as they come, each with its filter in front. */
class ColourScan {
  readonly #size: Png;
  #rest: Uint8Array = new Uint8Array();
  #rowCount = 0;
  #packed: Uint8Array = new Uint8Array();
  #line: Uint8Array;
  #colour: Uint8Array | undefined;

  constructor(png: Png) {
    this.#size = png;
    this.#line = new Uint8Array(png.width * png.channels);
  }

  get isComplete(): boolean {
    return this.#rowCount === this.#size.height && this.#rest.length === 0;
  }

  /** @throws HostileImage where there are more rows than the image is high. */
  isStillOfOneColour(chunk: Uint8Array): boolean {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const rowBytes = this.#line.length + 1;
    const end = bytes.length - (bytes.length % rowBytes);
    for (let at = 0; at < end; at += rowBytes) {
      if (!this.#isRowOfTheColour(bytes.subarray(at, at + rowBytes))) return false;
    }
    this.#rest = bytes.subarray(end);
    return true;
  }

  #isRowOfTheColour(packed: Uint8Array): boolean {
    if (++this.#rowCount > this.#size.height) throw new HostileImage('The image has too many pixels.');
    // The same bytes under the same line as before come to that line again.
    if (this.#rowCount > 2 && Buffer.compare(packed, this.#packed) === 0) return true;
    const { channels } = this.#size;
    this.#line = unfilter(packed, this.#line, channels);
    this.#packed = packed;
    const colour = (this.#colour ??= this.#line.slice(0, channels));
    return this.#line.every((value, index) => value === colour[index % channels]);
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
      throw new HostileImage('The image has an unknown row filter.');
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
