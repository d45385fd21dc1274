import type { Size } from '@pentimento/contracts';

/** Share of the larger area that both sizes cover, 0..1: min(w, w') min(h, h') / max(w h, w' h'). The reward stretches the render, so nothing else tells. */
export function sizeNearness(target: Size, render: Size): number {
  const shared = Math.min(target.width, render.width) * Math.min(target.height, render.height);
  return shared / Math.max(target.width * target.height, render.width * render.height);
}

/** The smaller aspect ratio over the larger, 0..1. */
export function aspectNearness(target: Size, render: Size): number {
  const [a, b] = [target.width * render.height, render.width * target.height];
  return Math.min(a, b) / Math.max(a, b);
}
