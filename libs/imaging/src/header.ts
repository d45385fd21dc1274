/** What decides the colour mode in which Pillow opens a file. */
export interface ImageHeader {
  /** A palette, or one bit of grey: resized to the nearest. */
  indexed: boolean;
  /** Alpha may stand beside the colours, unlike a single colour that stands for transparency. */
  alphaChannel: boolean;
}

const pngColourTypes = { grey: 0, palette: 3, greyAlpha: 4, rgbAlpha: 6 };

/** Looks at the first bytes, so that no other decoder of the image library ever sees them; null for another format. */
export function readHeader(bytes: Uint8Array): ImageHeader | null {
  if (holds(bytes, 0, '\x89PNG\r\n\x1a\n')) return readPngHeader(bytes);
  if (holds(bytes, 0, '\xff\xd8\xff')) return { indexed: false, alphaChannel: false };
  if (holds(bytes, 0, 'RIFF') && holds(bytes, 8, 'WEBP')) return { indexed: false, alphaChannel: true };
  return null;
}

/** Bit depth and colour type stand at a fixed place: IHDR is the first chunk. */
function readPngHeader(bytes: Uint8Array): ImageHeader {
  const bitDepth = bytes[24];
  const colourType = bytes[25];
  const { grey, palette, greyAlpha, rgbAlpha } = pngColourTypes;
  return {
    indexed: colourType === palette || (colourType === grey && bitDepth === 1),
    alphaChannel: colourType === greyAlpha || colourType === rgbAlpha,
  };
}

/** Whether the bytes from `offset` on are the text's character codes. */
function holds(bytes: Uint8Array, offset: number, text: string): boolean {
  return [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0));
}
