/**
 * Runs inside the sandbox: serves an `RpcHandler` over stdin and stdout, one frame in and one frame out. The first frame out is the
 * handler's greeting. Argument: path of the module that exports the handler.
 */
import { FrameReader, writeFrame } from './frames.ts';
import type { RpcHandler } from './rpc-worker-program.ts';

const maxQuestionBytes = 64 * 1024 * 1024;
const { greeting, answer } = (await import(process.argv[2]!)) as RpcHandler;

const send = (payload: Uint8Array): void => void process.stdout.write(writeFrame(payload));

send(Buffer.from(JSON.stringify(greeting)));
const reader = new FrameReader(maxQuestionBytes);
for await (const chunk of process.stdin) {
  for (const frame of reader.push(chunk as Buffer)) {
    send(await answer(JSON.parse(Buffer.from(frame).toString('utf8'))));
  }
}
process.exit(0);
