'use client';

import type { Size } from '@pentimento/contracts';
import { useEffect, useState, type RefObject } from 'react';
import { arrange } from './viewport.ts';

/** The size of each of the stage's panes, and whether two of them are stacked. */
export function useStage(
  stage: RefObject<HTMLElement | null>,
  panes: 1 | 2,
  frame: Size,
): { pane: Size; stacked: boolean } {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);
  return panes === 1 ? { pane: size, stacked: false } : arrange(frame, size);
}
