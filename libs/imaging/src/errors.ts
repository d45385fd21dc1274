/** The bytes are no image that can be used: another format, damaged, or too large. The message is a plain sentence for their sender. */
export class InvalidImageError extends Error {
  override readonly name: string = 'InvalidImageError';
}
