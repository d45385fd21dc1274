import type { Box, Size } from '@pentimento/contracts';

/** What a pane shows: the image point at its center, and CSS pixels per image pixel. */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
}

export interface Point {
  x: number;
  y: number;
}

const minScale = 0.02;
const maxScale = 64;
/** At and above this scale pixels are drawn as squares, not smoothed. */
export const pixelatedFrom = 2;
/** At and above this scale the pixel grid is drawn. */
export const gridFrom = 16;

const steps = [0.05, 0.1, 0.2, 0.33, 0.5, 0.67, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const fitMargin = 12;

/** The whole frame in the pane; a frame smaller than the pane grows by a whole factor only, so its pixels stay even. */
export function fit(frame: Size, pane: Size): Viewport {
  const free = { width: Math.max(1, pane.width - 2 * fitMargin), height: Math.max(1, pane.height - 2 * fitMargin) };
  const scale = Math.min(free.width / frame.width, free.height / frame.height);
  return {
    x: frame.width / 2,
    y: frame.height / 2,
    scale: scale >= 1 ? Math.min(16, Math.floor(scale)) : Math.max(minScale, scale),
  };
}

const gap = 1;
/** How much larger stacked panes must show the image to be preferred: people expect panes next to each other. */
const stackGain = 1.1;

/** Two panes on a stage: next to each other, or stacked where that shows the image clearly larger. */
export function arrange(frame: Size, stage: Size): { pane: Size; stacked: boolean } {
  const adjacent = { width: Math.max(0, (stage.width - gap) / 2), height: stage.height };
  const above = { width: stage.width, height: Math.max(0, (stage.height - gap) / 2) };
  const stacked = fit(frame, above).scale > fit(frame, adjacent).scale * stackGain;
  return { pane: stacked ? above : adjacent, stacked };
}

/** The position of the frame's top left corner in the pane, in whole pixels: half a pixel would blur an image at 1:1. */
export function originOf(view: Viewport, pane: Size): Point {
  return {
    x: Math.round(pane.width / 2 - view.x * view.scale),
    y: Math.round(pane.height / 2 - view.y * view.scale),
  };
}

/** The image point under a point of the pane. */
export function imagePoint(view: Viewport, pane: Size, point: Point): Point {
  const origin = originOf(view, pane);
  return { x: (point.x - origin.x) / view.scale, y: (point.y - origin.y) / view.scale };
}

export function panBy(view: Viewport, frame: Size, delta: Point): Viewport {
  return clamp({ ...view, x: view.x - delta.x / view.scale, y: view.y - delta.y / view.scale }, frame);
}

/** Zooms by a factor and keeps the image point under `point` where it is. */
export function zoomAt(view: Viewport, frame: Size, pane: Size, point: Point, factor: number): Viewport {
  const scale = limitScale(view.scale * factor);
  const held = {
    x: view.x + (point.x - pane.width / 2) / view.scale,
    y: view.y + (point.y - pane.height / 2) / view.scale,
  };
  return clamp(
    { x: held.x - (point.x - pane.width / 2) / scale, y: held.y - (point.y - pane.height / 2) / scale, scale },
    frame,
  );
}

/** The next step of the zoom ladder, up (1) or down (-1). */
export function zoomStep(view: Viewport, direction: 1 | -1): Viewport {
  const near = 1e-6;
  const scale =
    direction > 0
      ? (steps.find((step) => step > view.scale + near) ?? maxScale)
      : (steps.findLast((step) => step < view.scale - near) ?? minScale);
  return { ...view, scale };
}

export function actualSize(view: Viewport): Viewport {
  return { ...view, scale: 1 };
}

/** The viewport that shows the box in the middle of the pane with a margin. */
export function zoomTo(box: Box, pane: Size): Viewport {
  const scale = Math.min(pane.width / (box.width * 1.6), pane.height / (box.height * 1.6), 16);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, scale: limitScale(scale) };
}

/** Whether a pan in this direction shows more of the image; otherwise the page may scroll instead. */
export function canPan(view: Viewport, frame: Size, pane: Size): boolean {
  return frame.width * view.scale > pane.width || frame.height * view.scale > pane.height;
}

export function writeViewport(view: Viewport): string {
  return [view.x.toFixed(1), view.y.toFixed(1), view.scale.toFixed(4)].map((part) => String(Number(part))).join(',');
}

export function parseViewport(text: string | null): Viewport | null {
  const [x, y, scale, ...rest] = (text ?? '').split(',').map((part) => (part === '' ? NaN : Number(part)));
  if (rest.length > 0 || ![x, y, scale].every((part) => Number.isFinite(part))) return null;
  return { x: x!, y: y!, scale: limitScale(scale!) };
}

function limitScale(scale: number): number {
  return Math.min(maxScale, Math.max(minScale, scale));
}

/** Keeps the pane's center on the frame, so that the image stays in view. */
function clamp(view: Viewport, frame: Size): Viewport {
  return {
    ...view,
    x: Math.min(frame.width, Math.max(0, view.x)),
    y: Math.min(frame.height, Math.max(0, view.y)),
  };
}
