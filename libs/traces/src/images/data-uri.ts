import type { ExportImage } from './export-image.ts';

/** Of images in use: the prompts of a trace show the same few. */
const known = new WeakMap<ExportImage, string>();

/** The PNG as a `data:` URI. */
export function dataUriOf(image: ExportImage): string {
  const uri = known.get(image) ?? `data:image/png;base64,${base64Of(image.png)}`;
  known.set(image, uri);
  return uri;
}

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const padding = '='.charCodeAt(0);

/** By hand, because `btoa` takes a string and is several times slower; `toBase64` is not in every engine yet. */
function base64Of(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3) {
    const triple = (bytes[from]! << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    text[to++] = alphabet[triple >> 18]!;
    text[to++] = alphabet[(triple >> 12) & 63]!;
    text[to++] = alphabet[(triple >> 6) & 63]!;
    text[to++] = alphabet[triple & 63]!;
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  text.fill(padding, text.length - missing);
  return new TextDecoder().decode(text);
}
