import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { decodeImage } from './decode.ts';
import { EncoderError, RewardInputError } from './errors.ts';
import { resizeBicubic } from './resample.ts';
import { EncoderSession } from './session.ts';
import { tilesOf } from './tiling.ts';
import type {
  CutImage,
  CutRequest,
  WorkerAnswers,
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
    if (request.kind === 'cut') return sendCut(await cut(request));
    const encoded = await (await openSession()).encode(request.bytes);
    send({ ok: true, answer: encoded }, [encoded.vector.buffer, encoded.cells.features.buffer]);
  } catch (error) {
    send(describeFault(error), []);
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
  send(
    { ok: true, answer: image },
    image.tiles.map((tile) => tile.pixels.buffer),
  );
}

function send(
  reply: { ok: true; answer: WorkerAnswers[keyof WorkerAnswers] } | WorkerReply,
  buffers: ArrayBufferLike[],
) {
  port.postMessage(reply, buffers as ArrayBuffer[]);
}

function describeFault(error: unknown): WorkerReply {
  const fault = error instanceof RewardInputError ? 'input' : error instanceof EncoderError ? 'encoder' : 'bug';
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, fault, message, cause: error instanceof Error ? (error.cause ?? error.stack) : undefined };
}
