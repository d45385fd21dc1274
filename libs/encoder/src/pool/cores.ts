import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const topology = '/sys/devices/system/cpu';

/**
 * Physical cores that this process may use: two threads of one core share its arithmetic, so an inference gains nothing
 * from the second. The number of processors where the system does not report cores.
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
