import { open, rename, rm } from 'node:fs/promises';
import type { Dinov2Config } from './config.ts';
import { readFloats, readSafetensors } from './safetensors.ts';
import { blockMatrices, Dinov2Weights, floatTensors, scaleOf } from './weights.ts';

const maxLevel = 127;

interface Planned {
  name: string;
  dtype: 'F32' | 'I8';
  shape: number[];
}

/**
 * Writes a second weights file in which the matrices of the blocks are int8, symmetric with a scale for each output, and lie
 * [in, out]; all else is copied. A quarter of the size. Throws `EncoderError` where the weights are wrong, and the signal's reason.
 */
export async function writeInt8Weights(
  from: string,
  to: string,
  config: Dinov2Config,
  signal?: AbortSignal,
): Promise<void> {
  const weights = new Dinov2Weights(await readSafetensors(from), config);
  const partial = `${to}.partial`;
  try {
    await using file = await open(partial, 'w');
    await file.write(headerOf(plan(config)));
    for (const { name, from: rows, to: columns } of blockMatrices(config)) {
      signal?.throwIfAborted();
      const { values, scales } = quantize(
        await readFloats(weights.file, weights.tensor(`${name}.weight`)),
        rows,
        columns,
      );
      await file.write(values);
      await file.write(new Uint8Array(scales.buffer));
    }
    for (const { name } of floatTensors(config)) {
      await file.write(new Uint8Array((await readFloats(weights.file, weights.tensor(name))).buffer));
    }
    await file.sync();
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Each of the `columns` rows of a matrix [columns, rows] becomes a column of integers in -127..127 times its scale. */
function quantize(matrix: Float32Array, rows: number, columns: number): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(matrix.length);
  const scales = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    const start = column * rows;
    let peak = 0;
    for (let row = 0; row < rows; row++) peak = Math.max(peak, Math.abs(matrix[start + row]!));
    scales[column] = peak / maxLevel;
    const inverse = peak === 0 ? 0 : maxLevel / peak;
    for (let row = 0; row < rows; row++) values[row * columns + column] = Math.round(matrix[start + row]! * inverse);
  }
  return { values, scales };
}

/** The tensors in the order in which they are written. */
function plan(config: Dinov2Config): Planned[] {
  const matrices = blockMatrices(config).flatMap(({ name, from, to }): Planned[] => [
    { name: `${name}.weight`, dtype: 'I8', shape: [from, to] },
    { name: scaleOf(`${name}.weight`), dtype: 'F32', shape: [to] },
  ]);
  return [...matrices, ...floatTensors(config)];
}

function headerOf(tensors: readonly Planned[]): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape }) => {
    const start = end;
    end += shape.reduce((product, side) => product * side, dtype === 'F32' ? 4 : 1);
    return [name, { dtype, shape, data_offsets: [start, end] }] as const;
  });
  const json = JSON.stringify(Object.fromEntries(entries));
  const text = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text]);
}
