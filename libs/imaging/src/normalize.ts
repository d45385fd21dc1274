import { KernelMemory } from './resize/kernels.ts';

/** How channel values 0..255 become the network's input: (value / 255 - mean) / std. */
export interface Normalization {
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
  /** `bf16` rounds every value as the reference does before it feeds an fp32 network. */
  round: 'none' | 'bf16';
}

/** 3 x 256 values, channel by channel; each step is rounded to float32, as torchvision computes it. */
export function normalizationTable({ mean, std, round }: Normalization): Float32Array {
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel++) {
    const center = Math.fround(mean[channel]!);
    const scale = Math.fround(std[channel]!);
    for (let value = 0; value < 256; value++) {
      table[channel * 256 + value] = Math.fround(Math.fround(Math.fround(value / 255) - center) / scale);
    }
  }
  if (round === 'bf16') roundToBfloat16(table);
  return table;
}

/** Rounds float32 values in place to the nearest with 8 bits of significand, ties to even. */
function roundToBfloat16(values: Float32Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let index = 0; index < bits.length; index++) {
    const word = bits[index]!;
    bits[index] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
}

/** Writes RGB pixels, three bytes each, as three normalized planes (CHW), always into the same memory. */
export class PlaneWriter {
  readonly #memory = new KernelMemory();
  readonly #area: number;
  readonly #table: number;
  readonly #source: number;
  readonly #target: number;

  constructor(normalization: Normalization, area: number) {
    this.#area = area;
    this.#table = this.#memory.put(normalizationTable(normalization));
    this.#source = this.#memory.take(area * 3);
    this.#target = this.#memory.take(area * 3 * Float32Array.BYTES_PER_ELEMENT);
  }

  /** The planes of `area` pixels, valid until the next call. */
  write(pixels: Uint8Array): Float32Array {
    const { bytes, kernels } = this.#memory;
    bytes.set(pixels, this.#source);
    kernels.planes(this.#source, this.#area, this.#table, this.#target);
    return new Float32Array(bytes.buffer, this.#target, this.#area * 3);
  }
}
