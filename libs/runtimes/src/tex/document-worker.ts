/** Runs inside the sandbox, as an `RpcHandler`: reads long code. */
import { readTex, type TexQuestion } from './document-reading.ts';

/** @public The RPC worker imports this module by its path. */
export const answer = (question: TexQuestion): Promise<Uint8Array> =>
  Promise.resolve(Buffer.from(JSON.stringify(readTex(question))));

/** @public */
export const greeting = null;
