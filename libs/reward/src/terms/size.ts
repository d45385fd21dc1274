import type { SizesTerm } from './reward-term.ts';

/** Share of the larger area that both sizes cover: min(w, w') min(h, h') / max(w h, w' h'). The published score stretches the render. */
export const size: SizesTerm = {
  id: 'size',
  label: 'size',
  description: 'pixels, before the render is stretched',
  needs: 'sizes',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  compute(target, render) {
    const shared = Math.min(target.width, render.width) * Math.min(target.height, render.height);
    return shared / Math.max(target.width * target.height, render.width * render.height);
  },
};

/** The smaller aspect ratio over the larger. */
export const aspect: SizesTerm = {
  id: 'aspect',
  label: 'aspect',
  description: 'width to height',
  needs: 'sizes',
  threshold: true,
  nothingRendered: 0,
  identical: 1,
  compute(target, render) {
    const [a, b] = [target.width * render.height, render.width * target.height];
    return Math.min(a, b) / Math.max(a, b);
  },
};
