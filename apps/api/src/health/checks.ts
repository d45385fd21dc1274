import type { Check } from '@pentimento/contracts';

/** The name under which Nest hands the probes of a process to its health page. */
export const PROBES = Symbol('probes');

export interface Probe {
  name: string;
  /** What is well, in a few words. Rejects where it is not, with a sentence. */
  check: () => Promise<string>;
}

const patienceMs = 3_000;

/** Runs all probes side by side; one that does not answer in time has failed. */
export function runProbes(probes: readonly Probe[]): Promise<Check[]> {
  return Promise.all(
    probes.map(async ({ name, check }) => {
      try {
        return { name, ok: true, detail: await Promise.race([check(), late()]) };
      } catch (error) {
        return { name, ok: false, detail: (error as Error).message };
      }
    }),
  );
}

function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`It did not answer within ${patienceMs} ms.`)), patienceMs).unref();
  });
}
