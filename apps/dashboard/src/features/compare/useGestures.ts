'use client';

import { useEffect, useRef, type RefObject } from 'react';
import type { Size } from '@pentimento/contracts';
import { canPan, panBy, zoomAt, type Point, type Viewport } from './viewport.ts';

interface Gestures {
  view: Viewport;
  frame: Size;
  pane: Size;
  onView: (view: Viewport) => void;
  onHover: (point: Point | null) => void;
  /** A press and release in place. */
  onClick: (point: Point) => void;
  /** Captures a press (the swipe line) and gets the moves that follow. */
  grab?: (point: Point) => ((point: Point) => void) | null;
}

const clickReach = 4;

/**
 * Wheel pans, Ctrl and wheel (or a trackpad's pinch) zooms at the pointer, a drag pans, two fingers zoom and pan.
 * Points are in CSS pixels of the pane under the pointer: every pane has the attribute `data-pane`.
 */
export function useGestures(stage: RefObject<HTMLElement | null>, gestures: Gestures): void {
  const latest = useRef(gestures);
  useEffect(() => {
    latest.current = gestures;
  });
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const pointers = new Map<number, Point>();
    let pressed: { at: Point; moved: boolean; drag: ((point: Point) => void) | null } | null = null;

    const wheel = (event: WheelEvent) => {
      const { view, frame, pane, onView } = latest.current;
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? pane.height : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const delta = Math.max(-60, Math.min(60, event.deltaY * unit));
        onView(zoomAt(view, frame, pane, pointIn(element, event), 2 ** (-delta / 120)));
      } else if (canPan(view, frame, pane)) {
        event.preventDefault();
        const sideways = event.shiftKey && event.deltaX === 0;
        const delta = sideways
          ? { x: -event.deltaY * unit, y: 0 }
          : { x: -event.deltaX * unit, y: -event.deltaY * unit };
        onView(panBy(view, frame, delta));
      }
    };
    const down = (event: PointerEvent) => {
      if (event.button > 1 || (event.target as Element).closest('input, button, select, a')) return;
      const point = pointIn(element, event);
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      element.setPointerCapture(event.pointerId);
      pressed = pointers.size === 1 ? { at: point, moved: false, drag: latest.current.grab?.(point) ?? null } : null;
    };
    const move = (event: PointerEvent) => {
      const { view, frame, pane, onView, onHover } = latest.current;
      const before = pointers.get(event.pointerId);
      const point = pointIn(element, event);
      if (event.pointerType !== 'touch') onHover(point);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)![1];
        const factor = distance(now, other) / Math.max(1, distance(before, other));
        const delta = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
        onView(panBy(zoomAt(view, frame, pane, point, factor), frame, delta));
      } else if (pressed?.drag) {
        pressed.drag(point);
      } else if (pressed && (pressed.moved || distance(point, pressed.at) > clickReach)) {
        pressed.moved = true;
        onView(panBy(view, frame, { x: now.x - before.x, y: now.y - before.y }));
      }
      if (pressed?.moved !== false || pressed.drag || pointers.size === 2) pointers.set(event.pointerId, now);
    };
    const up = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      if (event.type === 'pointerup' && pressed && !pressed.moved && !pressed.drag) latest.current.onClick(pressed.at);
      pressed = null;
    };
    const leave = () => latest.current.onHover(null);
    element.addEventListener('wheel', wheel, { passive: false });
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('wheel', wheel);
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('pointerleave', leave);
    };
  }, [stage]);
}

/** The pointer's position in the pane under it, or in the nearest one while it is captured. */
function pointIn(stage: HTMLElement, event: MouseEvent): Point {
  const rects = [...stage.querySelectorAll('[data-pane]')].map((pane) => pane.getBoundingClientRect());
  const inside = (r: DOMRect) =>
    event.clientX >= r.left && event.clientX < r.right && event.clientY >= r.top && event.clientY < r.bottom;
  const rect = rects.find(inside) ?? rects[0] ?? stage.getBoundingClientRect();
  return { x: event.clientX - rect.left, y: event.clientY - rect.top };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
