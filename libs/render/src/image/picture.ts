import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import { renderLimits } from '../port/limits.ts';
import { failed, shorten, type Outcome } from '../port/outcome.ts';
import { HostileImage, isSingleColour, readPng } from '@pentimento/imaging';

/** The outcome that the bytes of a sandboxed program amount to. */
export async function pictureOf(
  png: Uint8Array,
  size: Size,
  log: string,
  text: string | null = null,
): Promise<Outcome> {
  try {
    const read = readPng(png, size, renderLimits.pngBytes);
    if (await isSingleColour(read)) return failed('empty', `The picture is one single colour.${log && `\n${log}`}`);
    return {
      status: 'ok',
      image: read.bytes,
      ...size,
      log: shorten(log),
      text: text?.slice(0, maxRenderTextLength) ?? null,
      molecule: null,
    };
  } catch (error) {
    if (error instanceof HostileImage) return failed('runtime', `The renderer gave no usable image: ${error.message}`);
    throw error;
  }
}
