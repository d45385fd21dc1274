import type { ExportImage } from './export-image.ts';

/** Arguments of one call of String.fromCharCode: engines limit them. */
const chunkLength = 0x8000;

/** Of images in use: the prompts of a trace show the same few. */
const known = new WeakMap<ExportImage, string>();

/** The PNG as a `data:` URI. */
export function dataUriOf(image: ExportImage): string {
  const uri = known.get(image) ?? `data:image/png;base64,${base64Of(image.png)}`;
  known.set(image, uri);
  return uri;
}

function base64Of(png: Uint8Array): string {
  const chunks: string[] = [];
  for (let at = 0; at < png.length; at += chunkLength)
    chunks.push(String.fromCharCode(...png.subarray(at, at + chunkLength)));
  return btoa(chunks.join(''));
}
