import { open, realpath } from 'node:fs/promises';
import { z } from 'zod';
import { EncoderError } from '../errors.ts';

/** The header of DINOv2-L has 50 KB. */
const maxHeaderBytes = 16 * 1024 * 1024;
const lengthBytes = 8;
const float32Bytes = 4;

const size = z.number().int().min(0);
const entrySchema = z.object({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) });

/** A tensor in its file, row-major. */
export interface StoredTensor {
  dtype: string;
  shape: number[];
  /** From the start of the file. */
  offset: number;
  /** In bytes. */
  length: number;
}

/** The table of contents of a `.safetensors` file (github.com/huggingface/safetensors, "Format"). */
export interface Safetensors {
  /** With all links resolved: the runtime reads only files inside the folder that it is given. */
  path: string;
  tensors: ReadonlyMap<string, StoredTensor>;
}

/** Reads only the header. Throws `EncoderError` where the file cannot be read, is truncated or is no such file. */
export async function readSafetensors(path: string): Promise<Safetensors> {
  try {
    const real = await realpath(path);
    await using file = await open(real);
    const { size: fileBytes } = await file.stat();
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      if (bytesRead < length) throw damaged(path, 'it ends in its header');
      return buffer;
    };
    const headerBytes = Number((await read(0, lengthBytes)).readBigUInt64LE());
    if (headerBytes > maxHeaderBytes) throw damaged(path, 'its header is too long');
    const header = parseHeader((await read(lengthBytes, headerBytes)).toString('utf8'), path);
    return { path: real, tensors: locate(header, lengthBytes + headerBytes, fileBytes, path) };
  } catch (error) {
    if (error instanceof EncoderError) throw error;
    throw new EncoderError(`The weights ${path} cannot be read: check that the file exists and may be read.`, {
      cause: error,
    });
  }
}

/** The numbers of a float32 tensor. */
export async function readFloats({ path }: Safetensors, { offset, length }: StoredTensor): Promise<Float32Array> {
  const values = new Float32Array(length / float32Bytes);
  await using file = await open(path);
  const bytes = new Uint8Array(values.buffer);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw damaged(path, 'it is shorter than its header states');
    done += bytesRead;
  }
  return values;
}

function parseHeader(text: string, path: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(path, 'its header is not JSON', cause);
  }
}

function locate(header: Record<string, unknown>, dataStart: number, fileBytes: number, path: string) {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw damaged(path, `its header describes "${name}" wrongly`, entry.error);
    const { dtype, shape, data_offsets } = entry.data;
    const [start, end] = data_offsets;
    if (end < start || dataStart + end > fileBytes) throw damaged(path, `"${name}" is outside of it`);
    tensors.set(name, { dtype, shape, offset: dataStart + start, length: end - start });
  }
  return tensors;
}

function damaged(path: string, what: string, cause?: unknown): EncoderError {
  return new EncoderError(`The weights ${path} are damaged or no safetensors file (${what}): fetch the file again.`, {
    cause,
  });
}
