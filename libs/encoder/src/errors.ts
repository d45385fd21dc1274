/** The encoder cannot be used: its manifest, its file, or the inference library. The message holds the remedy. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError';
}

export function closedError(): EncoderError {
  return new EncoderError('The encoder is closed: create a new one.');
}
