import { tileSide } from '@pentimento/imaging';

const cropBytes = tileSide * tileSide * 3;
/** Crops of a target that get shared memory, 28 MiB of it: a page of 1,280 x 3,000 px has 32. */
const maxCrops = 48;

/** Memory for the crops of one render that threads share. */
export type CropMemory = Uint8Array<SharedArrayBuffer>;

/**
 * Memory for the crops of renders, used again and again: what a thread cuts, another one encodes without a copy, and there is nothing to
 * collect. Such memory does not count as used when the runtime decides whether to collect garbage, so that there is never more than
 * `max` of it, those included that were not given back and are not collected yet.
 */
export class CropMemories {
  readonly #max: number;
  readonly #free: CropMemory[] = [];
  readonly #collected = new FinalizationRegistry<void>(() => this.#count--);
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Memory for so many crops; null where there are too many or none is free. */
  take(crops: number): CropMemory | null {
    if (crops > maxCrops) return null;
    const index = this.#free.findIndex(({ length }) => length >= crops * cropBytes);
    if (index >= 0) return this.#free.splice(index, 1)[0]!;
    if (this.#count >= this.#max) return null;
    this.#count++;
    const memory = new Uint8Array(new SharedArrayBuffer(crops * cropBytes));
    this.#collected.register(memory, undefined);
    return memory;
  }

  /** Nothing may read or write the memory any more. */
  giveBack(memory: CropMemory): void {
    this.#free.push(memory);
  }
}

/** Gives parts of a memory for one crop each, 448 x 448 pixels of undefined content, then new memory. */
export function cropsIn(memory: CropMemory | null): () => Uint8Array {
  let next = 0;
  return () => {
    const start = next++ * cropBytes;
    if (!memory || start + cropBytes > memory.length) return new Uint8Array(cropBytes);
    return memory.subarray(start, start + cropBytes);
  };
}
