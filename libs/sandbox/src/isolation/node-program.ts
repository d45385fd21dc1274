import { realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './program.ts';
import { insideFolder } from './sandbox.ts';

const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
const mebibyte = 1024 * 1024;

/** A TypeScript program for Node. All paths are absolute. */
export interface NodeProgram {
  main: string;
  /** What `main` imports by relative path, and the data files that it reads. */
  files: string[];
  /** Folders of the npm packages that it imports, by name: see `packageClosure`. */
  packages: ReadonlyMap<string, string>;
  /** Arguments, with every host path put through `place`. */
  args(place: (hostPath: string) => string): string[];
}

/**
 * A program run by this very Node with its files and the npm packages that it needs. It sees no other file of the checkout: the
 * files keep their places relative to each other, and nothing above the folder that they share.
 */
export function nodeProgram({ main, files, packages, args }: NodeProgram): Program {
  const node = realpathSync(process.execPath);
  const readable = new Map([
    [node, `${insideFolder}/node`],
    // Says that the files are ES modules.
    [manifest, `${insideFolder}/package.json`],
  ]);
  const shared = sharedFolder([main, ...files]);
  for (const file of [main, ...files]) readable.set(file, `${insideFolder}/src/${relative(shared, file)}`);
  for (const [name, folder] of packages) readable.set(folder, `${insideFolder}/node_modules/${name}`);
  return {
    readable,
    command: (place) => [place(node), '--max-old-space-size=256', place(main), ...args(place)],
    environment: { PATH: '/usr/bin', HOME: '/tmp', LANG: 'C.UTF-8', TZ: 'UTC' },
    limits: {
      dataBytes: 1536 * mebibyte,
      processes: 64,
      fileBytes: 64 * mebibyte,
      temporaryBytes: 64 * mebibyte,
      openFiles: 256,
    },
    systemCalls: 'computation',
    extraPipes: 0,
  };
}

/** The innermost folder that all files are below. */
function sharedFolder(files: string[]): string {
  return files.map(dirname).reduce((shared, folder) => {
    let common = shared;
    while (!`${folder}${sep}`.startsWith(join(common, sep))) common = dirname(common);
    return common;
  });
}
