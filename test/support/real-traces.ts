import { createHash } from 'node:crypto';
import type { Trace } from '@pentimento/traces';
import sharp from 'sharp';
import { readSampleBlob, sampleTrace } from '../../libs/traces/src/testing/traces.ts';
import { blobIdsOf } from '../../libs/traces/src/trace.ts';

export interface RealTrace {
  trace: Trace;
  /** By SHA-256. */
  blobs: ReadonlyMap<string, Uint8Array>;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A sample trace as the store has it: the ids of its blobs are the SHA-256 of their bytes, and each image has a color of its own. */
export async function realTrace(number: number, change: (trace: Trace) => void = () => undefined): Promise<RealTrace> {
  const sample = sampleTrace(number);
  change(sample);
  const ids = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const add = (id: string, bytes: Uint8Array) => {
    ids.set(id, sha256(bytes));
    blobs.set(ids.get(id)!, bytes);
  };
  const readdressed = (text: string): string => text.replaceAll(/[0-9a-f]{64}/g, (id) => ids.get(id) ?? id);
  const texts: [string, string][] = [];
  for (const id of blobIdsOf(sample)) {
    const bytes = (await readSampleBlob(id))!;
    if (bytes[0] === 0x89) add(id, await imageOf(id));
    else texts.push([id, new TextDecoder().decode(bytes)]);
  }
  // Prompts and tokens name images, so that their own ids come last.
  for (const [id, text] of texts) add(id, new TextEncoder().encode(readdressed(text)));
  return { trace: JSON.parse(readdressed(JSON.stringify(sample))) as Trace, blobs };
}

/** 64x48 pixels of one color. */
function imageOf(id: string): Promise<Uint8Array> {
  const [r, g, b] = createHash('sha256').update(id).digest();
  return sharp({ create: { width: 64, height: 48, channels: 3, background: { r: r!, g: g!, b: b! } } })
    .png()
    .toBuffer();
}

/** SHA-256 of the RGB bytes of a PNG. */
export const pixelHash = async (png: Uint8Array): Promise<string> =>
  sha256(await sharp(png).removeAlpha().toColorspace('srgb').raw().toBuffer());
