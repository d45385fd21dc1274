import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const topology = '/sys/devices/system/cpu';

/**
 * Physical cores that this process may use: two threads of one core share its arithmetic, so that an inference gains nothing
 * from the second. Where the system does not say, as many as there are processors.
 */
export function physicalCores(): number {
  const processors = availableParallelism();
  try {
    const names = readdirSync(topology).filter((name) => /^cpu\d+$/.test(name));
    const cores = new Set(
      names.map((name) => readFileSync(`${topology}/${name}/topology/thread_siblings_list`, 'utf8')),
    );
    return Math.min(processors, cores.size || processors);
  } catch {
    return processors;
  }
}
