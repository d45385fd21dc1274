import type { Box, MessagePart, Patch, Size, Task } from '@pentimento/contracts';
import type { BlobPort, ImagePort, SizedImage } from '../ports.ts';
import type { PromptBudget } from './budget.ts';
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
  readonly #parts: (MessagePart | Promise<MessagePart>)[] = [];
  /** Images that were not added because the model's server takes no more. */
  omitted = 0;
  readonly #blobs: BlobPort;
  readonly #budget: PromptBudget;

  constructor(blobs: BlobPort, budget: PromptBudget) {
    this.#blobs = blobs;
    this.#budget = budget;
  }

  /** The message's parts, once all images are stored. */
  parts(): Promise<MessagePart[]> {
    return Promise.all(this.#parts);
  }

  /** Their numbers: all are added and are being stored, or all are omitted. The first image of a prompt is always added. */
  addAll(images: readonly { role: Role; box: Box; image: SizedImage }[]): number[] | null {
    const sizes = images.map(({ image }) => image);
    if (!this.#budget.takeImages(sizes) && this.entries.length > 0) {
      this.omitted += images.length;
      return null;
    }
    return images.map(({ role, box, image }) => this.#add(role, box, image));
  }

  /** The number of the image; null where it is omitted. */
  add(role: Role, box: Box, image: SizedImage): number | null {
    return this.addAll([{ role, box, image }])?.[0] ?? null;
  }

  #add(role: Role, box: Box, { image, width, height }: SizedImage): number {
    const number = this.entries.length + 1;
    this.entries.push({ image: number, role, width, height, box });
    const text = `Image ${number}: ${roleTexts[role]}, ${boxText(box)}, sent at ${width}x${height}.`;
    const stored = this.#store({ image, width, height });
    // Awaited in `parts`; until then a failure must not count as unhandled.
    stored.catch(() => undefined);
    this.#parts.push({ type: 'text', text }, stored);
    return number;
  }

  async #store({ image, width, height }: SizedImage): Promise<MessagePart> {
    return { type: 'image', image: await this.#blobs.put(image, 'image/png'), mediaType: 'image/png', width, height };
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
  const boxes = patches.map((patch) => patch.box);
  const [targets, renders] = await Promise.all(
    [targetImage, ...(shown ? [shown] : [])].map((image) => port.crops(image, boxes, size, cropSides)),
  );
  return patches.map(({ rank, box, score, change, lostShare, words }, index) => {
    const crops = [
      { role: 'patch-target', box, image: targets![index]! } as const,
      ...(renders ? [{ role: 'patch-render', box, image: renders[index]! } as const] : []),
    ];
    const [target = null, render = null] = images.addAll(crops) ?? [];
    return {
      ...{ patch: rank, box, score, change, lostShare, target, render },
      ...(words !== undefined && { words }),
    };
  });
}

/** Adds the parts of a target that is illegible as a whole, from the left top, as many as there is room for. */
export async function addTargetParts(
  images: NumberedImages,
  target: Uint8Array,
  size: Size,
  port: ImagePort,
): Promise<void> {
  const boxes = partsOf(size);
  const crops = await port.crops(target, boxes, size, { minSide: 1, maxSide: wholeSide });
  for (const [index, crop] of crops.entries()) images.add('target-part', boxes[index]!, crop);
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
