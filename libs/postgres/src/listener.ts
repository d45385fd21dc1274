import pg from 'pg';

const firstDelayMs = 100;
const maxDelayMs = 5_000;

/**
 * One connection that listens on channels of NOTIFY. It connects at the first subscription, and reconnects with growing
 * delays. Subscribers are woken after a reconnect too, because notifications in between are lost.
 */
export class Listener<Channel extends string> {
  readonly #url: string;
  readonly #channels: readonly Channel[];
  readonly #wakers = new Map<string, Set<() => void>>();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #delayMs = firstDelayMs;
  #started = false;
  #closed = false;

  /** Names of channels are SQL identifiers. */
  constructor(url: string, channels: readonly Channel[]) {
    this.#url = url;
    this.#channels = channels;
  }

  /** Calls `wake` whenever the channel may have had a notification with the payload. Returns the function that unsubscribes. */
  subscribe(channel: Channel, payload: string, wake: () => void): () => void {
    const key = keyOf(channel, payload);
    const wakers = this.#wakers.get(key) ?? new Set();
    this.#wakers.set(key, wakers.add(wake));
    if (!this.#started) void this.#connect();
    return () => {
      wakers.delete(wake);
      if (wakers.size === 0 && this.#wakers.get(key) === wakers) this.#wakers.delete(key);
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
    client.on('notification', ({ channel, payload = '' }) =>
      this.#wakers.get(keyOf(channel, payload))?.forEach((wake) => wake()),
    );
    try {
      await client.connect();
      client.once('end', () => this.#reconnect());
      for (const channel of this.#channels) await client.query(`LISTEN ${channel}`);
      this.#delayMs = firstDelayMs;
      this.#wakeAll();
    } catch {
      // Subscribers poll meanwhile.
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

const keyOf = (channel: string, payload: string): string => `${channel} ${payload}`;
