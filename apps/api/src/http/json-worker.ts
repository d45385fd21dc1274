import { parentPort } from 'node:worker_threads';
import { parseJsonBody } from './json-body.ts';
import { ProblemException } from './problem.exception.ts';
import type { JsonReply, JsonRequest } from './json-thread.ts';

/** The program of a `JsonThread`. */
parentPort!.on('message', ({ id, bytes }: JsonRequest) => parentPort!.postMessage({ id, ...resultOf(bytes) }));

function resultOf(bytes: Uint8Array): Omit<JsonReply, 'id'> {
  try {
    return { value: parseJsonBody(bytes) };
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return { problem: error.message };
  }
}
