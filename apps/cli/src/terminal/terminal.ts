import { StatusLine } from './status-line.ts';
import { readSettings, type Environment, type Settings } from '../settings/settings.ts';

/** The streams and settings of a command: stdout is data, stderr is progress. */
export interface Terminal {
  settings: Settings;
  /** Of the servers that a command starts. */
  environment: Environment;
  /** Whether progress may be colored. */
  colors: boolean;
  /** Writes one line, or several, of data. */
  data(text: string): void;
  /** Writes one line of progress. */
  progress(line: string): void;
  /** Shows a line that the next one replaces, below the progress; null takes it away. */
  status(line: string | null): void;
  /** Reads standard input to its end. Throws a RangeError beyond the limit, in bytes. */
  input(limit: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Calls back at each Ctrl-C, SIGTERM or SIGHUP until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
}

const interruptSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and npm may both pass on the same Ctrl-C; a person's second one comes later than this. */
const samePressMs = 400;

export function processTerminal(now: () => number = Date.now): Terminal {
  // A closed reader (`pentimento list | head -1`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  const settings = readSettings(process.env);
  const status = new StatusLine(process.stderr, now);
  return {
    settings,
    environment: process.env,
    colors: process.stderr.isTTY && settings.colors,
    data(text) {
      status.hide();
      process.stdout.write(`${text}\n`);
    },
    progress(line) {
      status.hide();
      process.stderr.write(`${line}\n`);
    },
    status: (line) => status.show(line),
    input: (limit) => readAll(process.stdin, limit),
    onInterrupt(listener) {
      let last = Number.NEGATIVE_INFINITY;
      const onSignal = (): void => {
        const at = now();
        if (at - last > samePressMs) listener();
        last = at;
      };
      for (const signal of interruptSignals) process.on(signal, onSignal);
      return () => {
        for (const signal of interruptSignals) process.off(signal, onSignal);
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

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

export function paint(text: string, style: keyof typeof codes, colors: boolean): string {
  return colors ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;
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
