import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { InvalidImageError } from '@pentimento/imaging';
import { EncoderError } from '../errors.ts';
import { packCells } from '../inference/cells.ts';
import { EncoderSession } from '../inference/session.ts';
import type {
  EncodeTask,
  Handled,
  TaskHandlers,
  TaskMap,
  WorkerReply,
  WorkerRequest,
  WorkerSettings,
} from './worker-messages.ts';

/**
 * Runs a worker thread of an `EncoderPool`: it encodes tiles, and does the tasks that `handlers` adds. Call it once, from the module
 * that the pool was given as its worker. Heavy work belongs here, so that the main thread's event loop stays free.
 */
export function runWorker<Tasks extends TaskMap>(handlers: TaskHandlers<Tasks>): void {
  const port = parentPort!;
  const all = { ...encodeHandler(workerData as WorkerSettings), ...handlers } as TaskHandlers<TaskMap>;
  port.on('message', async ({ task, input }: WorkerRequest) => {
    const { reply, transfer } = await replyTo(() => all[task]!(input));
    port.postMessage(reply, transfer);
  });
}

/** One session for the thread's life; a failure to open it is forgotten, so that the next request tries again. */
function encodeHandler(settings: WorkerSettings): TaskHandlers<EncodeTask> {
  let session: Promise<EncoderSession> | undefined;
  const openSession = () => {
    session ??= EncoderSession.open(settings).catch((error: unknown) => {
      session = undefined;
      throw error;
    });
    return session;
  };
  return {
    async encode(pixels) {
      const { vector, cells } = await (await openSession()).encode(pixels);
      const packed = packCells(cells);
      return {
        output: { vector, cells: packed },
        transfer: [vector.buffer as ArrayBuffer, packed.features.buffer as ArrayBuffer],
      };
    },
  };
}

async function replyTo(
  handle: () => Handled<unknown> | Promise<Handled<unknown>>,
): Promise<{ reply: WorkerReply; transfer: ArrayBuffer[] }> {
  try {
    const { output, transfer = [] } = await handle();
    return { reply: { ok: true, output }, transfer };
  } catch (error) {
    return { reply: describeError(error), transfer: [] };
  }
}

/** Errors cross as text: not every cause can be cloned. */
function describeError(error: unknown): WorkerReply {
  const kind = error instanceof InvalidImageError ? 'image' : error instanceof EncoderError ? 'encoder' : 'bug';
  return { ok: false, kind, message: error instanceof Error ? error.message : String(error), detail: inspect(error) };
}
