import type { Size } from '@pentimento/contracts';

/** The size in the header of a binary Netpbm image of 8 bits, and the header's length in bytes. Undefined for a header of any other form. */
export function netpbmHeader(bytes: Uint8Array, magic: 'P5' | 'P6'): (Size & { length: number }) | undefined {
  const start = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  const [whole, found, width, height] = /^(P[56])\n(\d{1,5}) (\d{1,5})\n255\n/.exec(start) ?? [];
  if (whole === undefined || found !== magic) return undefined;
  return { width: Number(width), height: Number(height), length: whole.length };
}
