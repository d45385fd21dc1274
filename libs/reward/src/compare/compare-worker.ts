import { runWorker } from '@pentimento/encoder';
import type { RewardTerm, TermRegistry } from '../terms/reward-term.ts';
import { compareInWorker, compareTexts, openTarget } from './compare-in-worker.ts';
import type { CompareTasks, ComparedRender } from './tasks.ts';

runWorker<CompareTasks>({
  openTarget: async (request) => ({ output: await openTarget(request, await loadTerms(request.registry)) }),
  compare: async (request) => {
    const output = await compareInWorker(request, await loadTerms(request.registry));
    return { output, transfer: output ? buffersOf(output) : [] };
  },
  compareTexts: async (request) => ({ output: compareTexts(request, await loadTerms(request.registry)) }),
});

/** The runtime loads a module once. */
async function loadTerms(module: string): Promise<readonly RewardTerm[]> {
  const { registry } = (await import(module)) as { registry: TermRegistry };
  return registry.terms;
}

/** The pixels of all crops but those in shared memory. */
function buffersOf({ tiles, windows }: ComparedRender): ArrayBuffer[] {
  const pairs = [...tiles, ...windows].filter((pair) => pair !== null);
  const crops = pairs.flatMap(({ render, target }) => (target ? [render, target] : [render]));
  return crops.map(({ pixels }) => pixels.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}
