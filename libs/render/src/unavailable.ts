import { failed } from './outcome.ts';
import type { Renderer } from './renderer.ts';

/** Stands for a language that this server cannot draw, and says why in one sentence with the remedy. */
export function unavailable(reason: string): Renderer {
  return {
    state: () => Promise.resolve({ available: false, renderer: null, reason }),
    draw: (_code, _terms, _slot, signal) => {
      signal.throwIfAborted();
      return Promise.resolve({ ...failed('unavailable', reason), renderer: 'none' });
    },
  };
}
