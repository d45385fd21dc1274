'use client';

import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react';

/** The width of a pane at the right of its splitter, remembered under `name`. */
export function useSplit(name: string, usual: number): [number, (width: number) => void] {
  const key = `pentimento.split.${name}`;
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    try {
      const saved = Number(localStorage.getItem(key));
      if (saved >= 160) setWidth(saved);
    } catch {
      // Storage may be disabled; the default width applies then.
    }
  }, [key]);
  const save = (value: number) => {
    setWidth(value);
    try {
      localStorage.setItem(key, String(value));
    } catch {
      // As above.
    }
  };
  return [width, save];
}

/** A line to drag or to move with arrow keys; it sets the width of the pane at its right. */
export function Splitter({
  name,
  width,
  min,
  max,
  onWidth,
}: {
  name: string;
  width: number;
  min: number;
  max: number;
  onWidth: (width: number) => void;
}) {
  const set = (value: number) => onWidth(Math.round(Math.min(max, Math.max(min, value))));
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set(width - event.movementX);
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: 16, ArrowRight: -16, Home: max - width, End: min - width }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(width + by);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={name}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={step}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      className="relative w-px shrink-0 cursor-col-resize touch-none bg-line after:absolute after:inset-y-0 after:-left-1 after:w-2 hover:bg-edge"
    />
  );
}
