/** Reads lines and counted bytes from the output of an untrusted process, within bounds. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(stream: NodeJS.ReadableStream) {
    this.#chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Without its newline; undefined where the stream ends first. @throws RangeError on a longer line. */
  async line(maxBytes: number): Promise<string | undefined> {
    for (let from = 0; ;) {
      const end = this.#left.indexOf(10, from);
      if (end !== -1) {
        const line = this.#left.toString('latin1', 0, end);
        this.#left = this.#left.subarray(end + 1);
        return line;
      }
      if (this.#left.length > maxBytes) throw new RangeError('A line is too long.');
      from = this.#left.length;
      const chunk = await this.#next();
      if (!chunk) return undefined;
      this.#left = Buffer.concat([this.#left, chunk]);
    }
  }

  /** Undefined where the stream ends first. */
  async bytes(count: number): Promise<Buffer | undefined> {
    const parts = [this.#left];
    let size = this.#left.length;
    while (size < count) {
      const chunk = await this.#next();
      if (!chunk) return undefined;
      parts.push(chunk);
      size += chunk.length;
    }
    const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    this.#left = all.subarray(count);
    return all.subarray(0, count);
  }

  /** Everything up to the end. @throws RangeError where it exceeds `maxBytes`. */
  async rest(maxBytes: number): Promise<Buffer> {
    const parts = [this.#left];
    let size = this.#left.length;
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) {
      size += chunk.length;
      if (size > maxBytes) throw new RangeError('The output is too long.');
      parts.push(chunk);
    }
    return Buffer.concat(parts);
  }

  /** A stream that breaks has ended. */
  async #next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#chunks.next().catch(() => ({ value: undefined, done: true as const }));
    return done ? undefined : value;
  }
}
