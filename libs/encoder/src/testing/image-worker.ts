import { decodeImage } from '@pentimento/imaging';
import { runWorker } from '../pool/worker-runtime.ts';

/** A worker module with a task of its own, as users of the pool write them. */
export type ImageTasks = { decode: { input: Uint8Array; output: { width: number; height: number; bytes: number } } };

runWorker<ImageTasks>({
  async decode(image) {
    const { width, height, pixels } = await decodeImage(image, 'target');
    return { output: { width, height, bytes: pixels.length } };
  },
});
