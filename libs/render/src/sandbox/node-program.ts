import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageClosure } from './packages.ts';
import type { Program } from './program.ts';
import { insideFolder } from './sandbox.ts';

const sourceFolder = fileURLToPath(new URL('..', import.meta.url));
const mebibyte = 1024 * 1024;

/**
 * A source file of this library, named from its `src`, run by this very Node with the other sources and the npm packages that
 * it needs. It sees no other file of the checkout.
 */
export function nodeProgram(file: string, needs: { sources: string[]; packages: string[] }, args: string[]): Program {
  const node = realpathSync(process.execPath);
  const readable = new Map([
    [node, `${insideFolder}/node`],
    [join(sourceFolder, '../package.json'), `${insideFolder}/package.json`],
  ]);
  for (const name of [file, ...needs.sources]) readable.set(join(sourceFolder, name), `${insideFolder}/src/${name}`);
  for (const wanted of needs.packages) {
    for (const [name, folder] of packageClosure(wanted, sourceFolder)) {
      readable.set(folder, `${insideFolder}/node_modules/${name}`);
    }
  }
  return {
    readable,
    command: (place) => [place(node), '--max-old-space-size=256', place(join(sourceFolder, file)), ...args],
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
