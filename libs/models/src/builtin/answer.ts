import { fence, fenceNames, writeEdit, type Box, type Size, type Task } from '@pentimento/contracts';
import { detailAt, thinned, traceLayer, type Source, type Variation } from './detail.ts';
import { draftLayer } from './draft.ts';
import { applied } from './edits.ts';
import { nextDetail } from './groups.ts';
import { sizeOf } from './raster.ts';
import { editsFor, regionsOf, traceRegions } from './refine.ts';
import type { Seen } from './seen.ts';
import type { Layer } from './shapes.ts';
import { wholeOf, writers, type Writer } from './writers/index.ts';

export interface AnswerOptions {
  /** Longest reply in characters. */
  characters: number;
  variation: Variation;
  signal?: AbortSignal;
}

/** Longest whole code, edits of one reply, and code that edits may grow to, in characters. */
const mostCode = 60_000;
const mostEdits = 120_000;
const mostGrown = 600_000;
/** Room for the sentence, the fences and the document's own lines. */
const overhead = 2_500;
/** Share of a reply that may go into taking hidden groups out. */
const removalShare = 0.35;

interface Work extends AnswerOptions {
  task: Task;
  writer: Writer;
  images: readonly Picture[];
  target: Source;
}

/** An image of the prompt that can be read. */
type Picture = (Size & { bytes: Uint8Array }) | undefined;

/** The reply to a prompt. It throws for nothing that a prompt holds, and rejects with the signal's reason on abort. */
export async function answer(seen: Seen, options: AnswerOptions): Promise<string> {
  const { task, code } = seen;
  if (!task)
    return 'This prompt has no task block that can be read: send one, with the target image, and I will trace it.';
  const writer = writers[task.language];
  if (!writer) return `I trace shapes and cannot write ${task.language}: choose another model for it.`;
  const images = await Promise.all(seen.images.map(readable));
  const target = images[(task.images.find(({ role }) => role === 'target')?.image ?? 1) - 1];
  if (!target) return 'The target image is missing or cannot be read: send it as a PNG, and I will trace it.';
  const work = { ...options, task, writer, images, target: { bytes: target.bytes } };
  options.signal?.throwIfAborted();
  if (task.task === 'refine' && code !== undefined) return refined(work, code);
  return task.task === 'rewrite' ? rewritten(work, code) : drafted(work);
}

async function readable(bytes: Uint8Array | undefined): Promise<Picture> {
  const size = bytes && (await sizeOf(bytes));
  return size && { ...size, bytes };
}

async function drafted(work: Work): Promise<string> {
  const layer = await draftLayer(work.target, work.task.size, work.variation);
  return wholeReply(work, layer, 'A first, coarse trace of the target:');
}

async function rewritten(work: Work, code: string | undefined): Promise<string> {
  const { size } = work.task;
  const box = wholeOf(size);
  const level = nextDetail(box, code === undefined ? [] : work.writer.groups(code));
  const layer = await traceLayer(work.target, box, level, detailAt(level, size, work.variation));
  return wholeReply(work, layer, 'A finer trace of the whole target:');
}

function wholeReply({ task, writer, characters, signal }: Work, layer: Layer | undefined, sentence: string): string {
  signal?.throwIfAborted();
  if (!layer) return 'The target image cannot be read: send it as a PNG, and I will trace it.';
  const fitting = thinned(layer, Math.min(mostCode, characters) - overhead);
  return reply(sentence, writer.document(task.size, [writer.layer(fitting, task.size, wholeOf(task.size))]), task);
}

async function refined(work: Work, code: string): Promise<string> {
  const { task, writer, signal, variation } = work;
  const edits = Math.min(mostEdits, work.characters) - overhead;
  const removals = Math.floor(edits * removalShare);
  const grown = Math.max(overhead, mostGrown - code.length);
  const layers = await traceRegions(
    regionsOf(task, (image, box) => sourceOf(work, image, box)),
    writer.groups(code),
    task.size,
    {
      characters: Math.min(edits - removals, grown),
      variation,
      signal,
    },
  );
  const changes = layers.length > 0 ? editsFor(code, layers, writer, task.size, removals) : undefined;
  if (!changes) return rewritten(work, code);
  const sentence = `I traced ${layers.length} ${layers.length === 1 ? 'region' : 'regions'} more finely.`;
  if (task.answer === 'edits') return reply(sentence, changes.map(writeEdit).join('\n'), task);
  const whole = applied(code, changes)!;
  return whole.length <= work.characters - overhead ? reply(sentence, whole, task) : rewritten(work, code);
}

/** The patch's own crop, or its place in the target's image where the crop cannot be read. */
function sourceOf({ task, images, target }: Work, image: number, box: Box): Source {
  const crop = images[image - 1];
  if (crop) return { bytes: crop.bytes };
  const whole = images.find((picture) => picture?.bytes === target.bytes)!;
  const [x, y] = [whole.width / task.size.width, whole.height / task.size.height];
  const region = { x: Math.floor(box.x * x), y: Math.floor(box.y * y) };
  const width = Math.max(1, Math.min(whole.width - region.x, Math.round(box.width * x)));
  const height = Math.max(1, Math.min(whole.height - region.y, Math.round(box.height * y)));
  return { bytes: target.bytes, region: { ...region, width, height } };
}

function reply(sentence: string, body: string, { language }: Task): string {
  return `${sentence}\n\n${fence(body, fenceNames[language][0])}`;
}
