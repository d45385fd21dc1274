import { UnreachableError, type Client } from '@pentimento/client';
import { exitCodes } from '../terminal/cli-error.ts';
import { aborted } from '../terminal/interrupts.ts';
import { withServer, type ServerUse } from '../server/with-server.ts';

interface Session {
  client: Promise<Client>;
  /** Lets the server go, and resolves once one that was started here has stopped. */
  close(): Promise<void>;
}

/**
 * The server that calls talk to: the one that is named or runs, or one that the first call starts. One that has gone away is looked for
 * again at the next call.
 */
export class ServerConnection {
  readonly #use: Omit<ServerUse, 'interrupts'>;
  readonly #closing = new AbortController();
  readonly #calls = new Set<Promise<unknown>>();
  #session: Session | undefined;

  constructor(use: Omit<ServerUse, 'interrupts'>) {
    this.#use = use;
  }

  /** Rejects as `work` does, or with the reason why there is no server. */
  async call<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const call = this.#call(work);
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Waits for the calls, which their signals end, and stops a server that was started here. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#calls);
    this.#closing.abort();
    await this.#session?.close();
  }

  async #call<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const session = (this.#session ??= this.#open());
    try {
      return await work(await session.client);
    } catch (error) {
      if (error instanceof UnreachableError) void this.#forget(session).close();
      throw error;
    }
  }

  #open(): Session {
    const left = new AbortController();
    const end = AbortSignal.any([this.#closing.signal, left.signal]);
    const { promise: client, resolve, reject } = Promise.withResolvers<Client>();
    const ended = withServer({ ...this.#use, interrupts: interruptsOf(end) }, async (found) => {
      resolve(found);
      await aborted(end);
      return exitCodes.done;
    });
    const session = {
      client,
      async close() {
        left.abort();
        await ended.catch(() => {});
      },
    };
    ended.catch((error: unknown) => {
      this.#forget(session);
      reject(error as Error);
    });
    client.catch(() => {});
    return session;
  }

  #forget(session: Session): Session {
    if (this.#session === session) this.#session = undefined;
    return session;
  }
}

const interruptsOf = (first: AbortSignal): ServerUse['interrupts'] => ({
  first,
  second: new AbortController().signal,
  [Symbol.dispose]: () => {},
});
