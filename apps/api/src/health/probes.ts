import type { Check } from '@pentimento/api-contracts';
import { withDeadline } from '@pentimento/abort';

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
      try {
        const detail = await withDeadline(
          { deadlineMs: timeoutMs, message: `It did not answer within ${timeoutMs} ms.` },
          check,
        );
        return { name, ok: true, detail };
      } catch (error) {
        return { name, ok: false, detail: (error as Error).message };
      }
    }),
  );
}
