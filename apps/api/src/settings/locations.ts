import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. This file is equally deep in `src` and in `dist`. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

export const dashboardFolder = join(repository, 'apps/dashboard/out');
export const examplesFolder = join(repository, 'examples');
export const manifest = join(repository, 'package.json');

/** What a server keeps in its home, PENTIMENTO_HOME. */
export function homeFolders(home: string) {
  return {
    postgres: join(home, 'postgres'),
    blobs: join(home, 'blobs'),
    cache: join(home, 'cache'),
    thumbnails: join(home, 'cache/thumbnails'),
    /** Files of exports while they are written. */
    exports: join(home, 'exports'),
    /** What the command line saves of a job, where it is not told a folder. */
    results: join(home, 'results'),
    serverFile: join(home, 'server.json'),
    lockFile: join(home, 'server.lock'),
  };
}
