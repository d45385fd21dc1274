import type { Logger } from 'pino';
import { withDeadline } from '@pentimento/abort';

/** Closes the process: `draining` aborts first, then the parts close in reverse order of their start. */
export class Lifecycle {
  private readonly drainer = new AbortController();
  private readonly parts: { name: string; close: () => Promise<unknown> }[] = [];
  private readonly logger: Logger;
  private readonly limitMs: number;

  constructor(logger: Logger, limitMs: number) {
    this.logger = logger;
    this.limitMs = limitMs;
  }

  /** Aborts when the process begins to shut down: no new work, streams end. */
  get draining(): AbortSignal {
    return this.drainer.signal;
  }

  /** What closing takes at most, milliseconds, unless the event loop is held up. */
  get maxMs(): number {
    return this.parts.length * this.limitMs;
  }

  /** Registers a part to close, within the limit. A part that fails or hangs does not keep others open. */
  add(name: string, close: () => Promise<unknown>): void {
    this.parts.push({ name, close });
  }

  async close(): Promise<void> {
    this.drainer.abort();
    for (let part = this.parts.pop(); part; part = this.parts.pop()) {
      try {
        await withDeadline(
          { deadlineMs: this.limitMs, message: `It took longer than ${this.limitMs} ms.` },
          part.close,
        );
      } catch (error) {
        this.logger.error({ err: error }, `Closing failed: ${part.name}.`);
      }
    }
  }
}
