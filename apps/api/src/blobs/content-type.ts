const safeTypes = ['image/png', 'image/jpeg', 'image/webp', 'application/json', 'text/plain; charset=utf-8'];

/** The type that a blob is served as: an image, JSON or plain text, never anything that a browser would run. */
export function safeContentType(mediaType: string): string {
  if (safeTypes.includes(mediaType)) return mediaType;
  return mediaType.startsWith('text/') ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}
