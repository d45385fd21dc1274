import { uploadLimits } from '@pentimento/contracts';
import { ProblemException } from '../http/problem.exception.ts';

export type ImageType = (typeof uploadLimits.types)[number];

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.subarray(start, end)).toString('latin1');

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean => latin1(bytes, at, at + text.length) === text;

const accepted: { type: ImageType; matches: (bytes: Uint8Array) => boolean }[] = [
  { type: 'image/png', matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', matches: (bytes) => startsWith(bytes, '\xff\xd8\xff') },
  { type: 'image/webp', matches: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8) },
];

/** Formats that people send, named in the refusal. */
const refused: { name: string; matches: (bytes: Uint8Array) => boolean }[] = [
  { name: 'a GIF', matches: (bytes) => startsWith(bytes, 'GIF8') },
  { name: 'an SVG', matches: (bytes) => /^<svg[\s>]/i.test(textOf(bytes)) },
  { name: 'an XML or HTML file', matches: (bytes) => /^<[?!a-z]/i.test(textOf(bytes)) },
  { name: 'a compressed file, such as an SVGZ', matches: (bytes) => startsWith(bytes, '\x1f\x8b') },
  { name: 'a ZIP archive or an office document', matches: (bytes) => startsWith(bytes, 'PK\x03\x04') },
  { name: 'a TIFF', matches: (bytes) => startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*') },
  { name: 'a BMP', matches: (bytes) => startsWith(bytes, 'BM') },
  { name: 'a PDF', matches: (bytes) => startsWith(bytes, '%PDF-') },
  { name: 'a Photoshop document', matches: (bytes) => startsWith(bytes, '8BPS') },
  { name: 'a JPEG XL', matches: (bytes) => startsWith(bytes, '\xff\n') || startsWith(bytes, 'JXL ', 4) },
  {
    name: 'an AVIF or HEIC image',
    matches: (bytes) => startsWith(bytes, 'ftyp', 4) && stillBrands.has(brandOf(bytes)),
  },
  {
    name: 'a video',
    matches: (bytes) =>
      startsWith(bytes, 'ftyp', 4) ||
      startsWith(bytes, '\x1aE\xdf\xa3') ||
      (startsWith(bytes, 'RIFF') && startsWith(bytes, 'AVI ', 8)),
  },
];

/** The major brands of ISO media files that hold images (ISO/IEC 23008-12, AV1 Image File Format). All others are video or sound. */
const stillBrands = new Set(['avif', 'avis', 'heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);

const brandOf = (bytes: Uint8Array): string => latin1(bytes, 8, 12);

/** Bytes of the start of a text that may stand before its first element. */
const prologBytes = 4096;

/** The text from its first element on: after a byte order mark, white space, an XML declaration, comments and a document type. */
function textOf(bytes: Uint8Array): string {
  const text = latin1(bytes, 0, prologBytes);
  return text.replace(/^(?:\xef\xbb\xbf|\s|<\?[^>]*>|<!--[^]*?-->|<!doctype[^>[]*(?:\[[^\]]*\])?[^>]*>)+/i, '') || text;
}

/** The image's type by its first bytes; file names and declared types are ignored. Throws where the type is not accepted. */
export function imageType(bytes: Uint8Array): ImageType {
  const found = accepted.find(({ matches }) => matches(bytes));
  if (found) return found.type;
  const other = refused.find(({ matches }) => matches(bytes))?.name ?? 'not an image of a known format';
  throw new ProblemException('unsupported-image', `The file is ${other}; send a PNG, JPEG or WebP image.`);
}

/** As the numbers that their four letters are: a PNG of 20 MiB may have a million and a half of chunks. */
const chunkTypes = { acTL: 0x6163544c, IDAT: 0x49444154 };

/** Whether a PNG has several frames: an `acTL` chunk before the image data (PNG, third edition, section 11.3.7.1). */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 8 <= bytes.byteLength; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === chunkTypes.acTL) return at + 12 > bytes.byteLength || view.getUint32(at + 8) > 1;
    if (type === chunkTypes.IDAT) return false;
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
