import { crc32, deflateSync } from 'node:zlib';

/** One sample per pixel and channel, each below 2^bitDepth. */
export interface PngOptions {
  width: number;
  height: number;
  colorType: 'gray' | 'rgb' | 'palette' | 'gray-alpha' | 'rgb-alpha';
  bitDepth?: 1 | 2 | 4 | 8 | 16;
  interlaced?: boolean;
  /** Between the header and the pixels: PLTE, tRNS, eXIf and others. */
  chunks?: readonly Uint8Array[];
}

export type Sample = (x: number, y: number, channel: number) => number;

const colorTypes = { gray: 0, rgb: 2, palette: 3, 'gray-alpha': 4, 'rgb-alpha': 6 };
const channelCounts = { gray: 1, rgb: 3, palette: 1, 'gray-alpha': 2, 'rgb-alpha': 4 };
/** First column and row of each pass of Adam7, and the steps from one to the next. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const onePass = [[0, 0, 1, 1]] as const;

/** Writes any color type, bit depth and interlacing, of which image libraries write only some. */
export function encodePng(options: PngOptions, sample: Sample): Buffer {
  const passes = options.interlaced ? adam7 : onePass;
  const rows = passes.flatMap((pass) => passRows(options, sample, pass));
  return Buffer.concat([
    pngSignature,
    headerChunk(options),
    ...(options.chunks ?? []),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows), { level: 1 })),
    pngChunk('IEND'),
  ]);
}

export const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export function headerChunk({ width, height, colorType, bitDepth = 8, interlaced = false }: PngOptions): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colorTypes[colorType], 0, 0, Number(interlaced)], 8);
  return pngChunk('IHDR', header);
}

export function pngChunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(content, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}

/** The unfiltered rows of one pass, each after its filter byte. */
function passRows(options: PngOptions, sample: Sample, pass: readonly [number, number, number, number]): Buffer[] {
  const { width, height, colorType, bitDepth = 8 } = options;
  const [left, top, stepX, stepY] = pass;
  const columns = Math.ceil((width - left) / stepX);
  if (columns <= 0) return [];
  const channels = channelCounts[colorType];
  const rows: Buffer[] = [];
  for (let y = top; y < height; y += stepY) {
    const row = Buffer.alloc(1 + Math.ceil((columns * channels * bitDepth) / 8));
    for (let index = 0; index < columns * channels; index++) {
      const value = sample(left + Math.floor(index / channels) * stepX, y, index % channels);
      putSample(row, index, value, bitDepth);
    }
    rows.push(row);
  }
  return rows;
}

/** The sample's bits, most significant first. */
function putSample(row: Buffer, index: number, value: number, bitDepth: number): void {
  if (bitDepth === 16) {
    row.writeUInt16BE(value, 1 + index * 2);
  } else {
    const bit = index * bitDepth;
    row[1 + (bit >> 3)]! |= value << (8 - bitDepth - (bit & 7));
  }
}
