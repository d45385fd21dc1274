/** The streams and settings a command sees: stdout is data, stderr is progress. */
export interface Terminal {
  /** One line, or several, of data. */
  data(text: string): void;
  /** One line of progress. */
  progress(line: string): void;
  colours: boolean;
  environment: Record<string, string | undefined>;
  /** All of standard input, up to a limit that it throws a RangeError beyond. */
  input(limit: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Calls back at each Ctrl-C, SIGTERM or SIGHUP until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
}

const interruptSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and npm may each pass on the same Ctrl-C; a person's second one comes later than this. */
const samePressMs = 400;

export function processTerminal(now: () => number = Date.now): Terminal {
  // A reader that has left (`pentimento list | head -1`) is no fault.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  return {
    data: (text) => void process.stdout.write(`${text}\n`),
    progress: (line) => void process.stderr.write(`${line}\n`),
    colours: wantsColours(process.env, process.stderr.isTTY),
    environment: process.env,
    input: (limit) => readAll(process.stdin, limit),
    onInterrupt(listener) {
      let last = Number.NEGATIVE_INFINITY;
      const heard = (): void => {
        const at = now();
        if (at - last > samePressMs) listener();
        last = at;
      };
      for (const signal of interruptSignals) process.on(signal, heard);
      return () => {
        for (const signal of interruptSignals) process.off(signal, heard);
      };
    },
  };
}

async function readAll(stream: AsyncIterable<Buffer>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > limit) throw new RangeError(`More than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** https://no-color.org: any non-empty NO_COLOR turns colours off. */
function wantsColours(environment: Record<string, string | undefined>, isTerminal: boolean): boolean {
  return isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export function paint(text: string, style: keyof typeof codes, colours: boolean): string {
  return colours ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
}

/** Columns padded to their widest cell, two spaces apart. */
export function table(rows: string[][]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
