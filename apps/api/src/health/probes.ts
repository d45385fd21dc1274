import type { Check } from '@pentimento/contracts';
import { abortable } from '../runtime/abortable.ts';

/** Token of the probes of a process, a list of `Probe`. */
export const PROBES = Symbol('Probes');

export interface Probe {
  name: string;
  /** Resolves with a few words where all is well; rejects with a sentence where it is not. */
  check: () => Promise<string>;
}

const timeoutMs = 3_000;

/** Runs all probes in parallel; one that does not answer in time has failed. */
export function runProbes(probes: readonly Probe[]): Promise<Check[]> {
  return Promise.all(
    probes.map(async ({ name, check }) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        return { name, ok: true, detail: await abortable(check(), timeout) };
      } catch (error) {
        const detail = timeout.aborted ? `No answer within ${timeoutMs} ms.` : (error as Error).message;
        return { name, ok: false, detail };
      }
    }),
  );
}
