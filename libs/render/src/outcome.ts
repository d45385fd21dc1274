import { maxRenderMessageBytes, type Molecule, type RenderFailureKind } from '@pentimento/contracts';

/** What a drawing came to, before it is known who drew it and how long it took. */
export type Outcome =
  | {
      status: 'ok';
      image: Uint8Array;
      width: number;
      height: number;
      log: string;
      /** The text that the render shows, in reading order; null where the renderer cannot know it. */
      text: string | null;
      molecule: Molecule | null;
    }
  | { status: 'failed'; kind: RenderFailureKind; message: string };

export const failed = (kind: RenderFailureKind, message: string): Outcome => ({
  status: 'failed',
  kind,
  message: shorten(message),
});

/** The text in at most 2 KB of UTF-8, cut at a whole character, without control characters. */
export function shorten(text: string, maxBytes = maxRenderMessageBytes): string {
  const clean = text
    .slice(0, maxBytes)
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
    .trim();
  const bytes = Buffer.from(clean, 'utf8');
  if (bytes.length <= maxBytes && text.length <= maxBytes) return clean;
  const ellipsis = '…';
  let end = Math.min(bytes.length, maxBytes - Buffer.byteLength(ellipsis));
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString('utf8') + ellipsis;
}
