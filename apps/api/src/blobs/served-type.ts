const servable = ['image/png', 'image/jpeg', 'image/webp', 'application/json', 'text/plain; charset=utf-8'];

/** The type that a blob is served as: images, JSON and plain text; never anything that a browser would run. */
export function servedType(mediaType: string): string {
  if (servable.includes(mediaType)) return mediaType;
  return mediaType.startsWith('text/') ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}
