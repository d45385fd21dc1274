import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { InvalidImageError } from '@pentimento/imaging';
import { EncoderError } from '../errors.ts';
import { textNearness } from '../terms/text.ts';
import { packCells } from './cells.ts';
import { cutRender, openTarget } from './cutting.ts';
import { EncoderSession } from './session.ts';
import type {
  CutRender,
  EncodedTile,
  TileFeatures,
  WorkerReply,
  WorkerRequest,
  WorkerSettings,
} from './worker-messages.ts';

/**
 * The thread that does the reward's heavy work, so that the main thread's event loop stays free: inference blocks its thread, and
 * so do the loops over pixels.
 */
const port = parentPort!;
const settings = workerData as WorkerSettings;
let session: Promise<EncoderSession> | undefined;

port.on('message', (request: WorkerRequest) => void answer(request));

async function answer(request: WorkerRequest): Promise<void> {
  try {
    switch (request.kind) {
      case 'target':
        return send({ ok: true, answer: await openTarget(request.bytes, settings.alpha) });
      case 'cut':
        return sendCut(await cutRender(request, settings.alpha));
      case 'encode':
        return sendTile(await (await openSession()).encode(request.bytes));
      case 'text':
        return send({ ok: true, answer: textNearness(request.target, request.render) });
    }
  } catch (error) {
    send(describeFault(error));
  }
}

/** One session for the thread's life; a failure is forgotten, so that the next request tries again. */
function openSession(): Promise<EncoderSession> {
  session ??= EncoderSession.open(settings).catch((error: unknown) => {
    session = undefined;
    throw error;
  });
  return session;
}

function sendCut(cut: CutRender | null): void {
  const pairs = cut ? [...cut.tiles, ...cut.windows].filter((pair) => pair !== null) : [];
  const crops = pairs.flatMap(({ render, target }) => (target ? [render, target] : [render]));
  send(
    { ok: true, answer: cut },
    crops.map(({ pixels }) => pixels.buffer).filter((buffer) => buffer instanceof ArrayBuffer),
  );
}

function sendTile({ vector, cells }: EncodedTile): void {
  const answer: TileFeatures = { vector, cells: packCells(cells) };
  send({ ok: true, answer }, [answer.vector.buffer as ArrayBuffer, answer.cells.features.buffer as ArrayBuffer]);
}

/** The buffers are handed over, not copied. */
function send(reply: WorkerReply, buffers: ArrayBuffer[] = []): void {
  port.postMessage(reply, buffers);
}

/** Errors cross as text: not every cause can be copied to another thread. */
function describeFault(error: unknown): WorkerReply {
  const fault = error instanceof InvalidImageError ? 'input' : error instanceof EncoderError ? 'encoder' : 'bug';
  return { ok: false, fault, message: error instanceof Error ? error.message : String(error), detail: inspect(error) };
}
