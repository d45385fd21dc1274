import { Module, type FactoryProvider } from '@nestjs/common';
import type { BlobPort } from '@pentimento/agent';
import type { Store } from '@pentimento/store';
import { STORE } from '../database/store.provider.ts';
import { withMemory } from './blob-memory.ts';
import { blobPort } from './blob-port.ts';

/** Token of the blobs of the loop and its models, a `BlobPort`. */
export const LOOP_BLOBS = Symbol('LoopBlobs');

/** An iteration reads its target, its parent's code and render, and its own prompt and reply again. */
const memoryBytes = 64 * 2 ** 20;

const loopBlobs: FactoryProvider<BlobPort> = {
  provide: LOOP_BLOBS,
  inject: [STORE],
  useFactory: (store: Store) => withMemory(blobPort(store.blobs), memoryBytes),
};

@Module({ providers: [loopBlobs], exports: [LOOP_BLOBS] })
export class LoopBlobsModule {}
