import type { BlobId, Box, MessagePart, Patch, Size, Task } from '@pentimento/contracts';
import type { BlobPort, ImagePort, SizedImage } from '../ports.ts';
import { boxText } from './history.ts';

/** Longer side of a whole image as sent, pixels. */
export const wholeSide = 1280;
/** Longer side of a crop as sent, pixels: small ones are enlarged by a whole factor, large ones scaled down. */
export const cropSides = { minSide: 192, maxSide: 896 };
/** A whole image that is scaled down below this is also shown in parts, because its text cannot be read. */
const legibleScale = 0.75;
const maxParts = 8;

type Role = Task['images'][number]['role'];

/** The images of a prompt in the order sent, each preceded by a line that numbers and names it. */
export class NumberedImages {
  readonly entries: Task['images'] = [];
  readonly parts: MessagePart[] = [];
  /** Images that were not added because the model's server takes no more. */
  omitted = 0;
  readonly #blobs: BlobPort;
  readonly #max: number;

  /** @param max images that the model's server takes. */
  constructor(blobs: BlobPort, max: number) {
    this.#blobs = blobs;
    this.#max = max;
  }

  /** How many more may be added. */
  get left(): number {
    return this.#max - this.entries.length;
  }

  /** The number of the image; null where it is omitted. */
  async add(role: Role, box: Box, { image, width, height }: SizedImage): Promise<number | null> {
    if (this.left <= 0) {
      this.omitted++;
      return null;
    }
    const number = this.entries.length + 1;
    const blob: BlobId = await this.#blobs.put(image, 'image/png');
    this.entries.push({ image: number, role, width, height, box });
    const text = `Image ${number}: ${roleTexts[role]}, ${boxText(box)}, sent at ${width}x${height}.`;
    this.parts.push({ type: 'text', text });
    this.parts.push({ type: 'image', image: blob, mediaType: 'image/png', width, height });
    return number;
  }
}

const roleTexts: Readonly<Record<Role, string>> = {
  target: 'the target',
  'target-part': 'a part of the target, in its own size',
  render: 'what the current code draws',
  'patch-target': 'a patch of the target',
  'patch-render': 'the same patch of the current render',
  alternative: 'what another candidate draws',
};

/** The target and what the current code draws, each with the size that a patch is cut in. */
interface Compared {
  targetImage: Uint8Array;
  /** Null where the code does not render, or there is none. */
  shown: Uint8Array | null;
  size: Size;
}

/** Adds the target crop and the render crop of each patch: all of them or none. */
export async function addPatches(
  images: NumberedImages,
  patches: readonly Patch[],
  { targetImage, shown, size }: Compared,
  port: ImagePort,
): Promise<Task['patches']> {
  const cropsEach = shown ? 2 : 1;
  const boxes = patches.slice(0, Math.floor(images.left / cropsEach)).map((patch) => patch.box);
  const targets = await port.crops(targetImage, boxes, size, cropSides);
  const renders = shown ? await port.crops(shown, boxes, size, cropSides) : [];
  images.omitted += cropsEach * (patches.length - boxes.length);
  const added: Task['patches'] = [];
  for (const [index, { rank, box, score, change, lostShare, words }] of patches.entries()) {
    const fits = index < boxes.length;
    const target = fits ? await images.add('patch-target', box, targets[index]!) : null;
    const render = fits && shown ? await images.add('patch-render', box, renders[index]!) : null;
    added.push({ patch: rank, box, score, change, lostShare, target, render, ...(words !== undefined && { words }) });
  }
  return added;
}

/** Adds the parts of a target that is illegible as a whole, from the left top, as many as there is room for. */
export async function addTargetParts(
  images: NumberedImages,
  target: Uint8Array,
  size: Size,
  port: ImagePort,
): Promise<void> {
  const boxes = partsOf(size);
  const crops = boxes.length > 0 ? await port.crops(target, boxes, size, { minSide: 1, maxSide: wholeSide }) : [];
  for (const [index, crop] of crops.entries()) await images.add('target-part', boxes[index]!, crop);
}

/**
 * Parts of an image that is scaled down too much as a whole, in rows of equal parts that are at most `wholeSide` pixels on a side; larger
 * where there would be more than `maxParts`. Empty where the whole image is legible.
 */
export function partsOf({ width, height }: Size): Box[] {
  if (wholeSide / Math.max(width, height) >= legibleScale) return [];
  let side = wholeSide;
  const count = (length: number): number => Math.ceil(length / side);
  while (count(width) * count(height) > maxParts) side *= 1.1;
  const [columns, rows] = [count(width), count(height)];
  const edge = (length: number, at: number, of: number): number => Math.round((length * at) / of);
  return Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const [x, y] = [edge(width, column, columns), edge(height, row, rows)];
    return { x, y, width: edge(width, column + 1, columns) - x, height: edge(height, row + 1, rows) - y };
  });
}
