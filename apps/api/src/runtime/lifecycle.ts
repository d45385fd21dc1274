import type { Logger } from 'pino';

/** The process's way from running to gone: `draining` aborts first, then the parts close in reverse order. */
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

  /** Parts close in reverse order of their adding, each within the limit; one that fails or hangs keeps no other open. */
  add(name: string, close: () => Promise<unknown>): void {
    this.parts.push({ name, close });
  }

  async close(): Promise<void> {
    this.drainer.abort();
    for (let part = this.parts.pop(); part; part = this.parts.pop()) {
      try {
        await within(this.limitMs, part.close());
      } catch (error) {
        this.logger.error({ err: error }, `Closing failed: ${part.name}.`);
      }
    }
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`It took longer than ${ms} ms.`)), ms);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
