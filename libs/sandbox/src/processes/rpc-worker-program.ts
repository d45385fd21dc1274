import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeProgram } from '../isolation/node-program.ts';
import { packageClosure } from '../isolation/packages.ts';
import type { Program } from '../isolation/program.ts';

/** What a module exports to answer the questions of an `RpcProcess` from inside the sandbox. */
export interface RpcHandler {
  /** Sent first, as JSON. */
  greeting: unknown;
  /** Called with one question at a time, parsed from JSON. */
  answer(question: unknown): Promise<Uint8Array>;
}

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * A Node program that serves the `RpcHandler` which a module exports.
 *
 * @param handler path of the TypeScript module.
 * @param files paths of the files that it imports by relative path or reads.
 * @param packages npm packages that it imports.
 * @throws Error where a package is not installed.
 */
export const rpcWorkerProgram = (handler: string, files: string[], packages: string[]): Program =>
  nodeProgram({
    main: own('rpc-worker.ts'),
    files: [own('frames.ts'), handler, ...files],
    packages: new Map(packages.flatMap((name) => [...packageClosure(name, dirname(handler))])),
    args: (toInside) => [toInside(handler)],
  });
