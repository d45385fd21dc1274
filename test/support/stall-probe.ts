/**
 * Loaded into a program of the API before its own code (`stallsIn`): appends a line of JSON to the file that STALL_LOG names for each time
 * that its event loop came to a timer late.
 */
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { Stall } from './stalls.ts';

const file = process.env['STALL_LOG'];
const intervalMs = 10;
/** Shorter ones are of no interest. */
const minMs = 25;

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

if (isMainThread && file) {
  let [at, used] = [performance.now(), threadMs()];
  setInterval(() => {
    const stall: Stall = { delayMs: performance.now() - at - intervalMs, cpuMs: threadMs() - used };
    if (stall.delayMs > minMs) appendFileSync(file, `${JSON.stringify(stall)}\n`);
    [at, used] = [performance.now(), threadMs()];
  }, intervalMs).unref();
}
