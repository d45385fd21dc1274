import { maxRenderTextLength, type Size } from '@pentimento/contracts';
import { InvalidImageError, isSingleColor, readPng } from '@pentimento/imaging';
import { unknownContent, type ShownContent } from '@pentimento/page-survey';
import { renderLimits } from '../port/limits.ts';
import { failed, failedBySingleColor, shorten, type Rendered, type Outcome } from '../port/outcome.ts';

/** The outcome of a render whose program in the sandbox returned these bytes. They are untrusted, the expected size is not. */
export async function outcomeOfPng(
  png: Uint8Array,
  size: Size,
  log: string,
  { text, bitmapShare }: ShownContent = unknownContent,
): Promise<Outcome> {
  try {
    const image = await readPng(png, size, renderLimits.maxPngBytes);
    const rendered: Rendered = {
      status: 'ok',
      image: image.bytes,
      ...size,
      log: shorten(log),
      text: text?.slice(0, maxRenderTextLength) ?? null,
      molecule: null,
      bitmapShare,
    };
    return (await isSingleColor(image)) ? failedBySingleColor(rendered) : rendered;
  } catch (error) {
    if (error instanceof InvalidImageError) {
      return failed('runtime', `The renderer returned no usable image: ${error.message}`);
    }
    throw error;
  }
}
