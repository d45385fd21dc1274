import { Worker } from 'node:worker_threads';

const program = `const { workerData: ms } = require('node:worker_threads');
setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms);`;

/**
 * Ends this process by SIGKILL after so many milliseconds, unless it has ended by then. A thread counts them: an event loop that spins runs
 * no timer of its own.
 */
export function killAfter(ms: number): void {
  new Worker(program, { eval: true, workerData: ms, execArgv: [], env: {} }).unref();
}
