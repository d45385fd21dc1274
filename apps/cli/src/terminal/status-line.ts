import { throttledProgress } from './throttled-progress.ts';

/** Where progress goes. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const clearLine = '\r\u001b[K';
const lineMs = 10_000;

/** One line that the next one replaces, below the lines of progress. Where there is no screen, it is a line of its own now and then. */
export class StatusLine {
  readonly #stream: ProgressStream;
  readonly #line: (line: string) => void;
  #isShown = false;

  constructor(stream: ProgressStream, now: () => number) {
    this.#stream = stream;
    const progress = (line: string) => void stream.write(`${line}\n`);
    this.#line = throttledProgress({ progress }, now, lineMs);
  }

  /** Null takes it away. */
  show(line: string | null): void {
    if (!this.#stream.isTTY) {
      if (line !== null) this.#line(line);
      return;
    }
    this.hide();
    if (line === null) return;
    this.#stream.write(line.slice(0, (this.#stream.columns ?? 80) - 1));
    this.#isShown = true;
  }

  /** Before anything else is written to the screen. */
  hide(): void {
    if (this.#isShown) this.#stream.write(clearLine);
    this.#isShown = false;
  }
}
