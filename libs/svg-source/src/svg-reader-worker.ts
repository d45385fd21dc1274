/** Runs inside the sandbox, as an `RpcHandler`: reads long code. */
import { readWholeSvg, type SvgQuestion } from './svg-reading.ts';

/** @public The RPC worker imports this module by its path. */
export const answer = (question: SvgQuestion): Promise<Uint8Array> =>
  Promise.resolve(Buffer.from(JSON.stringify(readWholeSvg(question))));

/** @public */
export const greeting = null;
