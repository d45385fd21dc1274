import { maxRenderMessageBytes, type RenderFailureKind, type RenderResult } from '@pentimento/contracts';

type Less<T, Key extends string> = T extends unknown ? Omit<T, Key> : never;

/** What a drawing came to, before it is known who drew it and how long it took. */
export type Outcome = Less<RenderResult, 'renderer' | 'ms'>;

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
