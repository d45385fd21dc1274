import type { Terminal } from './terminal.ts';

/** Ctrl-C as two signals: the first asks, the second insists. */
export interface Interrupts extends Disposable {
  first: AbortSignal;
  second: AbortSignal;
}

export function watchInterrupts(terminal: Terminal): Interrupts {
  const [first, second] = [new AbortController(), new AbortController()];
  const forget = terminal.onInterrupt(() => (first.signal.aborted ? second : first).abort());
  return { first: first.signal, second: second.signal, [Symbol.dispose]: forget };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
