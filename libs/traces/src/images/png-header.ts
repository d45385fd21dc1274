const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const endLength = 12;
/** PNG color types without an alpha channel: gray, RGB, palette. */
const opaqueTypes = new Set([0, 2, 3]);
const transparency = [0x74, 0x52, 0x4e, 0x53];

/**
 * The size of an opaque PNG; null for anything else, a PNG with transparency and a truncated one among them. Trainers flatten transparency in
 * different ways, so that an image with it has different pixels for each of them.
 */
export function readPngHeader(png: Uint8Array): { width: number; height: number } | null {
  if (png.length < 33 + endLength || signature.some((byte, at) => png[at] !== byte)) return null;
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (!opaqueTypes.has(png[25]!) || !endsWhole(view) || hasTransparency(png, view)) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The last chunk is IEND. */
const endsWhole = (view: DataView): boolean => view.getUint32(view.byteLength - 8) === 0x49454e44;

/** A tRNS chunk before the pixels. */
function hasTransparency(png: Uint8Array, view: DataView): boolean {
  for (let at = 8; at + endLength <= png.length; at += endLength + view.getUint32(at)) {
    const type = png.subarray(at + 4, at + 8);
    if (transparency.every((byte, index) => type[index] === byte)) return true;
    if (view.getUint32(at + 4) === 0x49444154) return false;
  }
  return false;
}
