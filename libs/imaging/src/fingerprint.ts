import sharp from 'sharp';

/** Cells on each side of a fingerprint. */
const side = 16;

/** What is left of an image that is scaled down to a few cells: nearly equal images have nearly equal ones. */
export interface ImageFingerprint {
  /** 16 x 16 mean colors, RGB, row-major. */
  cells: Uint8Array;
  /** Width over height. */
  aspect: number;
}

/** The fingerprint of an image, on white where it is transparent. */
export async function fingerprintOf(image: Uint8Array): Promise<ImageFingerprint> {
  const source = sharp(image);
  const { width, height } = await source.metadata();
  const cells = await source
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .resize(side, side, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { cells, aspect: width / height };
}
