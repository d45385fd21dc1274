import { fence, writeEdit, type Box, type Size, type Task } from '@pentimento/contracts';
import type { FencedLanguage } from './fenced-language.ts';
import { coarser, detailAt, thinned, traceLayer, type Measure, type Variation } from './tracing/detail.ts';
import { draftLayer } from './draft.ts';
import { applied } from './edits.ts';
import { lengthOfGroups, nextDetail } from './writers/groups.ts';
import { decode, sizeOf, type Raster } from './tracing/raster.ts';
import { editsFor, hiddenGroups, regionsOf, traceRegions } from './refine.ts';
import type { ParsedPrompt } from './parsed-prompt.ts';
import type { Layer } from './tracing/shapes.ts';
import { wholeOf, writers, type Writer } from './writers/index.ts';

export interface ReplyOptions {
  /** Longest reply in characters. */
  characters: number;
  variation: Variation;
  signal?: AbortSignal;
}

/** Longest whole code, edits of one reply, and code that edits may grow to, in characters. */
const maxCode = 60_000;
const maxEdits = 120_000;
const maxGrownCode = 600_000;
/** Room for the sentence, the fences and the document's own lines. */
const overhead = 2_500;
/** Share of a reply that may go into taking hidden groups out. */
const removalShare = 0.35;

interface Work extends ReplyOptions {
  task: Task;
  language: FencedLanguage;
  writer: Writer;
  images: readonly (PromptImage | undefined)[];
  target: PromptImage;
}

/** An image of the prompt. */
interface PromptImage extends Size {
  bytes: Uint8Array;
}

const noTarget = 'The target image is missing or cannot be read: send it as a PNG, and I will trace it.';

/** The reply to a prompt. It throws for nothing that a prompt holds, and rejects with the signal's reason on abort. */
export async function answer(parsed: ParsedPrompt, options: ReplyOptions): Promise<string> {
  const { task, language, code } = parsed;
  if (!task)
    return 'This prompt has no task block that can be read: send one, with the target image, and I will trace it.';
  const writer = writers.get(task.language);
  if (!language || !writer) return `I trace shapes and cannot write ${task.language}: choose another model for it.`;
  const images = await Promise.all(parsed.images.map(promptImageOf));
  const target = images[(task.images.find(({ role }) => role === 'target')?.image ?? 1) - 1];
  options.signal?.throwIfAborted();
  if (!target) return noTarget;
  const work = { ...options, task, language, writer, images, target };
  if (task.task === 'refine' && code !== undefined && code.length <= maxGrownCode) return refined(work, code);
  return task.task === 'rewrite' ? rewritten(work, code) : drafted(work);
}

async function promptImageOf(bytes: Uint8Array | undefined): Promise<PromptImage | undefined> {
  const size = bytes && (await sizeOf(bytes));
  return size && { ...size, bytes };
}

async function drafted(work: Work): Promise<string> {
  const raster = await decode(work.target);
  if (!raster) return noTarget;
  const layer = await draftLayer(raster, work.task.size, work.variation);
  return wholeReply(work, layer, 'A first, coarse trace of the target:');
}

async function rewritten(work: Work, code: string | undefined): Promise<string> {
  const { task, writer, variation, target } = work;
  const raster = await decode(target);
  if (!raster) return noTarget;
  const box = wholeOf(task.size);
  const level = nextDetail(box, code === undefined ? [] : writer.groups(code));
  const detail = detailAt(level, task.size, variation);
  const layer = await traceLayer(raster, box, level, detail);
  return wholeReply(
    work,
    await coarser({ raster, detail, layer }, wholeLimit(work), measureOf(work)),
    'A finer trace of the whole target:',
  );
}

function wholeLimit({ characters }: Work): number {
  return Math.min(maxCode, characters) - overhead;
}

function measureOf({ writer, task }: Work): Measure {
  return (layer) => writer.layer(layer, task.size, wholeOf(task.size)).length;
}

function wholeReply(work: Work, layer: Layer, sentence: string): string {
  const { task, writer, signal } = work;
  signal?.throwIfAborted();
  const text = writer.layer(thinned(layer, wholeLimit(work), measureOf(work)), task.size, wholeOf(task.size));
  return reply(sentence, writer.document(task.size, [text], task.deviceScale ?? 1), work);
}

async function refined(work: Work, code: string): Promise<string> {
  const { task, writer, signal, variation } = work;
  const groups = writer.groups(code);
  const regions = regionsOf(task, groups, (image, box) => readBox(work, image, box));
  const room = Math.min(maxEdits, work.characters) - overhead;
  const removable = Math.floor(Math.min(room * removalShare, lengthOfGroups(hiddenGroups(groups, regions))));
  const characters = Math.min(room - removable, Math.max(overhead, maxGrownCode - code.length));
  const layers = await traceRegions(regions, task.size, { characters, measure: measureOf(work), variation, signal });
  const edits = layers.length > 0 ? editsFor(code, layers, writer, task, removable) : undefined;
  if (!edits) return rewritten(work, code);
  const sentence = `I traced ${layers.length} ${layers.length === 1 ? 'region' : 'regions'} more finely.`;
  if (task.answer === 'edits') return reply(sentence, edits.map(writeEdit).join('\n'), work);
  const whole = applied(code, edits)!;
  return whole.length <= work.characters - overhead ? reply(sentence, whole, work) : rewritten(work, code);
}

/** A box of the target: from the patch's own crop, or where that cannot be read from the whole target. */
async function readBox({ task, images, target }: Work, image: number, box: Box): Promise<Raster | undefined> {
  const crop = images[image - 1];
  return (crop && (await decode(crop))) ?? decode({ bytes: target.bytes, region: inside(target, task.size, box) });
}

/** The box of a target of `size`, in pixels of the image that shows all of it. */
function inside(promptImage: Size, size: Size, box: Box): Box {
  const [unitX, unitY] = [promptImage.width / size.width, promptImage.height / size.height];
  const x = Math.min(promptImage.width - 1, Math.floor(box.x * unitX));
  const y = Math.min(promptImage.height - 1, Math.floor(box.y * unitY));
  const width = Math.max(1, Math.min(promptImage.width - x, Math.round(box.width * unitX)));
  const height = Math.max(1, Math.min(promptImage.height - y, Math.round(box.height * unitY)));
  return { x, y, width, height };
}

function reply(sentence: string, body: string, { language }: Work): string {
  return `${sentence}\n\n${fence(body, language.fenceNames[0])}`;
}
