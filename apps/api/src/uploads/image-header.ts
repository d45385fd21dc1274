import { uploadLimits } from '@pentimento/contracts';
import { ProblemException } from '../http/problem.exception.ts';

export type ImageType = (typeof uploadLimits.types)[number];

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .subarray(at, at + text.length)
    .equals(Buffer.from(text, 'latin1'));

const accepted: { type: ImageType; matches: (bytes: Uint8Array) => boolean }[] = [
  { type: 'image/png', matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', matches: (bytes) => startsWith(bytes, '\xff\xd8\xff') },
  { type: 'image/webp', matches: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8) },
];

/** Formats that people send, named in the refusal. */
const refused: { name: string; matches: (bytes: Uint8Array) => boolean }[] = [
  { name: 'a GIF', matches: (bytes) => startsWith(bytes, 'GIF8') },
  { name: 'an SVG or another XML file', matches: (bytes) => startsWith(bytes, '<svg') || startsWith(bytes, '<?xml') },
  { name: 'a TIFF', matches: (bytes) => startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*') },
  { name: 'a BMP', matches: (bytes) => startsWith(bytes, 'BM') },
  { name: 'a PDF', matches: (bytes) => startsWith(bytes, '%PDF-') },
  { name: 'an AVIF or HEIC image', matches: (bytes) => startsWith(bytes, 'ftyp', 4) },
];

/** The image's type by its first bytes; file names and declared types are ignored. Throws where the type is not accepted. */
export function imageType(bytes: Uint8Array): ImageType {
  const found = accepted.find(({ matches }) => matches(bytes));
  if (found) return found.type;
  const other = refused.find(({ matches }) => matches(bytes))?.name ?? 'not an image of a known format';
  throw new ProblemException('unsupported-image', `The file is ${other}; send a PNG, JPEG or WebP image.`);
}

/** Whether a PNG is an animation: an `acTL` chunk before the image data (PNG, third edition, section 11.3.7.1). */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.byteLength; at += 12 + view.getUint32(at)) {
    if (startsWith(bytes, 'acTL', at + 4)) return true;
    if (startsWith(bytes, 'IDAT', at + 4)) return false;
  }
  return false;
}

/** Checks the size that the header declares, before anything is decoded. */
export function checkSize({ width, height }: { width: number; height: number }): void {
  const { side, pixels, minSide } = uploadLimits;
  const size = `The image is ${width} x ${height} pixels`;
  if (width < minSide || height < minSide) {
    throw new ProblemException('invalid-image', `${size}; a target is at least ${minSide} x ${minSide}.`);
  }
  if (width > side || height > side) {
    throw new ProblemException('image-too-large', `${size}; scale it down to at most ${side} on a side.`);
  }
  if (width * height > pixels) {
    throw new ProblemException('image-too-large', `${size}; scale it down to at most ${pixels / 1e6} million pixels.`);
  }
}
