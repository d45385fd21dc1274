import { runWorker } from './worker-runtime.ts';

runWorker({});
