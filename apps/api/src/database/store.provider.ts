import type { FactoryProvider } from '@nestjs/common';
import { openBlobStore } from '@pentimento/blob-store';
import { createStore, type Store } from '@pentimento/store';
import { Lifecycle } from '../runtime/lifecycle.ts';
import { SETTINGS, type Settings } from '../settings/settings.ts';

/** Token of the URL of the migrated database. */
export const DATABASE_URL = Symbol('DatabaseUrl');

/** Token of jobs, trajectories, events and blobs, a `Store`. */
export const STORE = Symbol('Store');

export const storeProvider: FactoryProvider<Store> = {
  provide: STORE,
  inject: [DATABASE_URL, SETTINGS, Lifecycle],
  useFactory(databaseUrl: string, { blobStore }: Settings, lifecycle: Lifecycle) {
    const store = createStore({ databaseUrl, blobs: openBlobStore(blobStore) });
    lifecycle.add('store', () => store.close());
    return store;
  },
};
