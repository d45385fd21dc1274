import { realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Program } from './program.ts';
import { sandboxFolder } from './sandbox.ts';

const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
const mebibyte = 1024 * 1024;

/** A TypeScript program for Node. All paths are absolute. */
export interface NodeProgram {
  main: string;
  /** What `main` imports by relative path, and the data files that it reads. */
  files: string[];
  /** Folders of the npm packages that it imports, by name: see `packageClosure`. */
  packages: ReadonlyMap<string, string>;
  /** Arguments, with every host path mapped by `toInside`. */
  args(toInside: (hostPath: string) => string): string[];
}

/**
 * A program run by the Node that runs this process. Of the checkout it sees its files and packages only. The files keep their paths
 * relative to each other; the path of the folder that they share is not shown.
 */
export function nodeProgram({ main, files, packages, args }: NodeProgram): Program {
  const node = realpathSync(process.execPath);
  const readable = new Map([
    [node, `${sandboxFolder}/node`],
    // Declares that the files are ES modules.
    [manifest, `${sandboxFolder}/package.json`],
  ]);
  const shared = sharedFolder([main, ...files]);
  for (const file of [main, ...files]) readable.set(file, `${sandboxFolder}/src/${relative(shared, file)}`);
  for (const [name, folder] of packages) readable.set(folder, `${sandboxFolder}/node_modules/${name}`);
  return {
    readable,
    command: (toInside) => [toInside(node), '--max-old-space-size=256', toInside(main), ...args(toInside)],
    environment: { PATH: '/usr/bin', HOME: '/tmp', LANG: 'C.UTF-8', TZ: 'UTC' },
    limits: {
      treeBytes: 1536 * mebibyte,
      dataBytes: 1536 * mebibyte,
      // V8 reserves far more than it uses.
      addressBytes: null,
      processes: 64,
      fileBytes: 64 * mebibyte,
      temporaryBytes: 64 * mebibyte,
      openFiles: 256,
    },
    systemCalls: 'computation',
    createsNamespaces: false,
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
