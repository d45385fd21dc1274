/**
 * Messages over a byte pipe: a length of four bytes, big-endian, and as many bytes. Both ends of a worker's pipe use it,
 * and neither trusts the other's lengths.
 */
export function writeFrame(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length);
  frame.set(payload, 4);
  return frame;
}

/** Splits a stream of chunks into frames. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #size = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The frames that the chunk completes.
   * @throws RangeError where a frame claims more than the allowed bytes.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Uint8Array[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Uint8Array | undefined {
    if (this.#size < 4) return undefined;
    if (this.#chunks[0]!.length < 4) this.#chunks = [this.#joined()];
    const length = new DataView(this.#chunks[0]!.buffer, this.#chunks[0]!.byteOffset).getUint32(0);
    if (length > this.#maxBytes) {
      throw new RangeError(`A frame of ${length} bytes exceeds the limit of ${this.#maxBytes}.`);
    }
    if (this.#size < 4 + length) return undefined;
    const joined = this.#joined();
    const rest = joined.subarray(4 + length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    return joined.subarray(4, 4 + length);
  }

  #joined(): Uint8Array {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }
}
