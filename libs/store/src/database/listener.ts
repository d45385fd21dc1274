import pg from 'pg';
import { eventChannel } from './events.ts';

const firstDelayMs = 100;
const maxDelayMs = 5_000;

/**
 * One connection that listens for new events of all jobs. It connects at the first subscription, and reconnects with
 * growing delays. Subscribers are woken after a reconnect too, because notifications in between are lost.
 */
export class Listener {
  readonly #url: string;
  readonly #wakers = new Map<string, Set<() => void>>();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #delayMs = firstDelayMs;
  #started = false;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
  }

  /** Calls `wake` whenever the job may have new events. Returns the function that unsubscribes. */
  subscribe(jobId: string, wake: () => void): () => void {
    const wakers = this.#wakers.get(jobId) ?? new Set();
    this.#wakers.set(jobId, wakers.add(wake));
    if (!this.#started) void this.#connect();
    return () => {
      wakers.delete(wake);
      if (wakers.size === 0 && this.#wakers.get(jobId) === wakers) this.#wakers.delete(jobId);
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#wakeAll();
    await this.#client?.end().catch(() => {});
  }

  async #connect(): Promise<void> {
    this.#started = true;
    const client = new pg.Client({ connectionString: this.#url, connectionTimeoutMillis: 5_000, keepAlive: true });
    this.#client = client;
    client.on('error', () => {});
    client.on('notification', ({ payload }) => this.#wakers.get(payload ?? '')?.forEach((wake) => wake()));
    try {
      await client.connect();
      client.once('end', () => this.#reconnect());
      await client.query(`LISTEN ${eventChannel}`);
      this.#delayMs = firstDelayMs;
      this.#wakeAll();
    } catch {
      // Tails poll meanwhile.
      await client.end().catch(() => {});
      this.#reconnect();
    }
  }

  #reconnect(): void {
    if (this.#closed || this.#retry) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#connect();
    }, this.#delayMs);
    this.#retry.unref();
    this.#delayMs = Math.min(this.#delayMs * 2, maxDelayMs);
  }

  #wakeAll(): void {
    for (const wakers of this.#wakers.values()) wakers.forEach((wake) => wake());
  }
}
