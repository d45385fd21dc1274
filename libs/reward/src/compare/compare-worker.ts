import { runWorker } from '@pentimento/encoder';
import { textNearness } from '../terms/text.ts';
import { compareInWorker, openTarget } from './compare-in-worker.ts';
import type { CompareTasks, ComparedRender } from './tasks.ts';

runWorker<CompareTasks>({
  openTarget: async (request) => ({ output: await openTarget(request) }),
  compare: async (request) => {
    const output = await compareInWorker(request);
    return { output, transfer: output ? buffersOf(output) : [] };
  },
  compareTexts: ({ target, render }) => ({ output: textNearness(target, render) }),
});

/** The pixels of all crops but those in shared memory. */
function buffersOf({ tiles, windows }: ComparedRender): ArrayBuffer[] {
  const pairs = [...tiles, ...windows].filter((pair) => pair !== null);
  const crops = pairs.flatMap(({ render, target }) => (target ? [render, target] : [render]));
  return crops.map(({ pixels }) => pixels.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}
