import { Worker } from 'node:worker_threads';

/** Looks every millisecond, on a thread of its own, at the memory that the descendants of this process have together. */
const watcher = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.module).then(({ processesOf, upperBoundOf }) => {
  const look = () => upperBoundOf(processesOf(workerData.pid).filter(({ pid }) => pid !== workerData.pid));
  let peak = 0;
  const timer = setInterval(() => { peak = Math.max(peak, look()); }, 1);
  parentPort.once('message', () => { clearInterval(timer); parentPort.postMessage(peak); });
  parentPort.postMessage('ready');
});`;

/** The highest memory of all descendants while `work` ran, bytes. A page that several share counts for each. */
export async function peakMemoryOf(work: () => Promise<unknown>): Promise<number> {
  const module = new URL('../../libs/sandbox/src/isolation/tree-memory.ts', import.meta.url).href;
  const worker = new Worker(watcher, { eval: true, workerData: { module, pid: process.pid } });
  const message = (): Promise<unknown> => new Promise((resolve) => worker.once('message', resolve));
  await message();
  await work();
  const peak = message();
  worker.postMessage('stop');
  const bytes = (await peak) as number;
  await worker.terminate();
  return bytes;
}
