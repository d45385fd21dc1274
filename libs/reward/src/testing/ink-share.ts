import type { RgbImage } from '@pentimento/imaging';
import type { PixelsTerm } from '../terms/reward-term.ts';

/** Share of dark pixels, compared: a term that exists in tests only, and shows what adding one takes. */
export const inkShare: PixelsTerm<{ share: number }> = {
  id: 'inkShare',
  label: 'ink share',
  description: 'how much is dark',
  needs: 'pixels',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  feature: { id: 'inkShare', extract: (image) => ({ share: darkShare(image) }) },
  compute: (target, render) => 1 - Math.abs(target.share - render.share),
};

function darkShare({ pixels }: RgbImage): number {
  let dark = 0;
  for (let at = 0; at < pixels.length; at += 3) if (pixels[at]! + pixels[at + 1]! + pixels[at + 2]! < 384) dark++;
  return dark / (pixels.length / 3);
}
