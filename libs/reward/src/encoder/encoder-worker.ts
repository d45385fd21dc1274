import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { decodeImage } from '../pixels/decode.ts';
import { EncoderError, RewardInputError } from '../errors.ts';
import { resizeBicubic } from '../pixels/resample.ts';
import { EncoderSession } from './session.ts';
import { tilesOf } from '../pixels/tiling.ts';
import type {
  CutImage,
  CutRequest,
  EncodedTile,
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
    if (request.kind === 'cut') sendCut(await cut(request));
    else sendEncoded(await (await openSession()).encode(request.bytes));
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

async function cut({ bytes, role, stretchTo }: CutRequest): Promise<CutImage> {
  const decoded = await decodeImage(bytes, role);
  const image = stretchTo ? resizeBicubic(decoded, stretchTo) : decoded;
  const tiles = tilesOf(image).map((tile) => ({
    ...tile,
    sha256: createHash('sha256').update(tile.pixels).digest('hex'),
  }));
  return { width: image.width, height: image.height, tiles };
}

function sendCut(image: CutImage): void {
  const buffers = image.tiles.map((tile) => tile.pixels.buffer as ArrayBuffer);
  send({ ok: true, answer: image }, buffers);
}

function sendEncoded(tile: EncodedTile): void {
  send({ ok: true, answer: tile }, [tile.vector.buffer as ArrayBuffer, tile.cells.features.buffer as ArrayBuffer]);
}

/** The buffers are handed over, not copied. */
function send(reply: WorkerReply, buffers: ArrayBuffer[] = []): void {
  port.postMessage(reply, buffers);
}

/** Errors cross as text: not every cause can be copied to another thread. */
function describeFault(error: unknown): WorkerReply {
  const fault = error instanceof RewardInputError ? 'input' : error instanceof EncoderError ? 'encoder' : 'bug';
  return { ok: false, fault, message: error instanceof Error ? error.message : String(error), detail: inspect(error) };
}
