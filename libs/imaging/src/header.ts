/** What determines the color mode in which Pillow opens a file. */
export interface ImageHeader {
  /** A palette, or one bit of gray: resized to the nearest pixel. */
  indexed: boolean;
  /** There is an alpha channel; one color that means transparent is none. */
  alphaChannel: boolean;
}

const pngColorTypes = { gray: 0, palette: 3, grayAlpha: 4, rgbAlpha: 6 };

/** Reads the first bytes, so that no other decoder of the image library runs; null for another format. */
export function readHeader(bytes: Uint8Array): ImageHeader | null {
  if (holds(bytes, 0, '\x89PNG\r\n\x1a\n')) return readPngHeader(bytes);
  if (holds(bytes, 0, '\xff\xd8\xff')) return { indexed: false, alphaChannel: false };
  if (holds(bytes, 0, 'RIFF') && holds(bytes, 8, 'WEBP')) return { indexed: false, alphaChannel: true };
  return null;
}

/** Bit depth and color type have a fixed offset: IHDR is the first chunk. */
function readPngHeader(bytes: Uint8Array): ImageHeader {
  const bitDepth = bytes[24];
  const colorType = bytes[25];
  const { gray, palette, grayAlpha, rgbAlpha } = pngColorTypes;
  return {
    indexed: colorType === palette || (colorType === gray && bitDepth === 1),
    alphaChannel: colorType === grayAlpha || colorType === rgbAlpha,
  };
}

/** Whether the bytes from `offset` on are the text's character codes. */
function holds(bytes: Uint8Array, offset: number, text: string): boolean {
  return [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0));
}
